import ArgumentParser
import Basics
import Catalog
import Posts
import Store

/// `weiwang user reset NAME`: for whoever lost the phone with the codes and has nobody else to ask.
struct UserReset: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "reset", abstract: "Reset somebody's two-step sign-in; with --password also prints a new password as the last line.")

    @Argument(help: "Name of the account.") var name: String
    @Flag(help: "Also make a new password.") var password = false
    @OptionGroup var data: DataOptions

    func run() async throws {
        let (place, made) = (try data.place(), password ? Password.made() : nil)
        let record = try made.map { try KeyStretching.record(of: $0) }
        try await Engines.with(place) { engines in
            let (now, posts, name) = (engines.time.now, engines.posts, name)
            let act = Act.system("command", id: UUIDv7(at: now), at: now)
            try await engines.database.write { tx in
                guard let person = try posts.person(account: name, in: tx) else { throw PostsRefusal.unknownAccount }
                try posts.resetSecondFactor(of: person, act: act, in: tx)
                if let record { try posts.setPassword(of: person, record: record, act: act, in: tx) }
            }
            Terminal.say(
                engines.catalog.current.strings.text("command.factor_reset", Terminal.language, ["name": Posts.accountName(name)]))
        }
        if let made { Terminal.say(made) }
    }
}
