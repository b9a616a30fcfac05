"""`infercost bill`: what can be done with a bill by itself."""

import typer

from infercost.cli.bill import convert, inspect

app = typer.Typer(help="What a bill is and holds, before any advice.", rich_markup_mode=None)
app.command(epilog=inspect.EXAMPLE)(inspect.inspect)
app.command(epilog=convert.EXAMPLE)(convert.convert)
