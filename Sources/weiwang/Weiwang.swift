import ArgumentParser

/// The command; one file a subcommand.
@main struct Weiwang: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "weiwang",
        abstract: "A platform for subdistricts, communities and grids: from a photo to an answer.",
        subcommands: [
            AnchorCommand.self,
            BackupCommand.self,
            Bench.self,
            Check.self,
            ClientCommand.self,
            DemoCommand.self,
            Export.self,
            Import.self,
            Locate.self,
            Move.self,
            Restore.self,
            Serve.self,
            User.self,
        ])

    static func main() async {
        do {
            var command = try parseAsRoot()
            if var waiting = command as? any AsyncParsableCommand {
                try await waiting.run()
            } else {
                try command.run()
            }
        } catch {
            Terminal.end(error)
        }
    }
}
