import ArgumentParser
import Basics
import Catalog
import Store

/// `weiwang anchor`: the head of the journal's chain, to be kept where nobody of this machine can change it.
struct AnchorCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "anchor", abstract: "Print the head of the journal's chain: keep it elsewhere, and give it to check --anchor.")

    @OptionGroup var data: DataOptions

    func run() async throws {
        try await Engines.with(data.place(), readOnly: true) { engines in
            let head = try await engines.database.read { try $0.lastSeal() }
            Terminal.say("\(engines.time.now.iso(in: engines.catalog.current.platform.zone)) \(head.text)")
        }
    }
}
