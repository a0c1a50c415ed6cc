"""``opencdi review``: the room where people judge. One thin file a command."""

from __future__ import annotations

from opencdi.cli.help import command_group
from opencdi.cli.review import check, demo, events, keys, leads, load, migrate, people, readers, reseal, serve

app = command_group("The review room: set it up, serve it, its people.")

app.command("serve")(serve.serve)
app.command("migrate")(migrate.migrate)
app.command("check")(check.check)
app.command("load")(load.load)
app.command("export")(load.export)
app.command("leads")(leads.leads)
app.command("demo-people")(demo.demo_people)
app.command("secret")(keys.secret)
app.command("sealing-key")(keys.sealing_key)
app.command("reseal")(reseal.reseal)
app.command("assign")(readers.assign)
app.command("progress")(readers.progress)
app.command("verify")(events.verify)
app.command("checkpoint")(events.checkpoint)
app.add_typer(people.app, name="people")
