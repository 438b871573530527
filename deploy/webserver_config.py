"""Airflow's pages for logging in and for accounts, which go by a file of their own: in Chinese."""

from flask_appbuilder.const import AUTH_DB

AUTH_TYPE = AUTH_DB
WTF_CSRF_ENABLED = True
BABEL_DEFAULT_LOCALE = "zh"
