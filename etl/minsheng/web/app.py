"""The application: interface and page inside one shell."""

from __future__ import annotations

from collections.abc import AsyncIterator
from contextlib import asynccontextmanager

from fastapi import FastAPI

from minsheng.web import faults, interface, page
from minsheng.web.service import Service
from minsheng.web.shell import Shell


def application(service: Service) -> FastAPI:
    """The application of an installation; its generated pages are off, for they fetch scripts from elsewhere."""

    @asynccontextmanager
    async def lifespan(_: FastAPI) -> AsyncIterator[None]:
        async with service.judging.open():
            yield

    app = FastAPI(lifespan=lifespan, docs_url=None, redoc_url=None, openapi_url=None)
    app.state.service = service
    app.include_router(interface.router)
    app.include_router(page.router)
    app.add_middleware(Shell)
    faults.install(app)
    return app
