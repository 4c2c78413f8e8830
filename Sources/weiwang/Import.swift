import ArgumentParser

/// `weiwang import …`: what is had from elsewhere.
struct Import: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        abstract: "Take over boundaries or matters from files.", subcommands: [ImportGrids.self, ImportMatters.self])
}
