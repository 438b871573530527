"""What needs a person: looked for, remembered, told once, and again when it is mended (docs/adr/0039).

Works without Airflow, for a scheduler that is dead tells nobody; changes nothing of what the stages keep.
"""
