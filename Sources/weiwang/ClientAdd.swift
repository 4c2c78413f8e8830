import ArgumentParser
import Basics
import Catalog
import Posts
import Store

/// `weiwang client …`: programs that call in with a key.
struct ClientCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "client", abstract: "Programs that call in with an api key.", subcommands: [ClientAdd.self])
}

/// `weiwang client add NAME [--rate N] [--see]`: the key alone is the last line and is shown once.
struct ClientAdd: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "add", abstract: "Add a client; prints its api key alone as the last line.")

    @Argument(help: "Name of the client.") var name: String
    @Option(help: "Requests a second; 0 has no limit.") var rate = Posts.usualRate
    @Flag(help: "It may also read matters by /api, as strangers see them.") var see = false
    @OptionGroup var data: DataOptions

    func validate() throws {
        if rate < 0 { throw ValidationError("--rate is a number of requests a second, 0 for no limit.") }
    }

    func run() async throws {
        let (place, key) = (try data.place(), Secret.token(bytes: 24))
        try await Engines.with(place) { engines in
            let now = engines.time.now
            let act = Act.system("command", id: UUIDv7(at: now), at: now)
            let (posts, id, name, rate) = (engines.posts, ClientID(at: now), name, rate)
            let verbs: Set<String> = Set(([.report] + (see ? [.see] : []) as [VerbGroup]).map(\.rawValue))
            try await engines.database.write { tx in
                try posts.addClient(id, name: name, key: key, rate: rate, verbs: verbs, act: act, in: tx)
            }
            Terminal.say(engines.catalog.current.strings.text("command.client_added", Terminal.language, ["name": name]))
        }
        Terminal.say(key)
    }
}
