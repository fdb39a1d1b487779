"""The command line: one module a noun; `hub.cli.entry` is the command `verbundhub`."""
