from hub.cli.entry import main

main()
