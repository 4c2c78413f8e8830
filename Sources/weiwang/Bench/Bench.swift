import ArgumentParser

/// `weiwang bench …`: each prints a figure beside a limit taken in the same run.
struct Bench: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "bench", abstract: "Measure this machine: each figure beside its limit.",
        subcommands: [
            BenchBoard.self, BenchCity.self, BenchGrowth.self, BenchIntake.self, BenchLocate.self, BenchLive.self, BenchRead.self,
            BenchStart.self, BenchTile.self,
        ])
}
