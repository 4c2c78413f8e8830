import ArgumentParser
import Basics
import Catalog
import Posts
import Store

/// `weiwang user …`: people who may sign in.
struct User: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "user", abstract: "People who may sign in.", subcommands: [UserAdd.self, UserReset.self])
}

/// `weiwang user add NAME --role ROLE`: a person with an account and a post; the password is the last line and is shown once.
struct UserAdd: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "add", abstract: "Add a person with an account and a post; prints a password as the last line.")

    @Argument(help: "Name of the person and of the account.") var name: String
    @Option(help: "A role of catalog/roles.") var role: String
    @Option(help: "Where the post sits: the code of a grid, or the code or name of a unit; not needed for roles of the root.") var at:
        String?
    @OptionGroup var data: DataOptions

    func run() async throws {
        let (place, password) = (try data.place(), Password.made())
        let record = try KeyStretching.record(of: password)
        try await Engines.with(place) { engines in
            let now = engines.time.now
            let act = Act.system("command", id: UUIDv7(at: now), at: now)
            let new = NewUser(
                person: Person(id: PersonID(at: now), name: name), accountName: name, passwordRecord: record, role: role, at: at)
            let posts = engines.posts
            try await engines.database.write { tx in
                guard try !posts.isAccountName(new.accountName, in: tx) else { throw PostsRefusal.nameTaken }
                try posts.addUser(new, act: act, in: tx)
            }
            let strings = engines.catalog.current.strings
            Terminal.say(strings.text("command.user_added", Terminal.language, ["name": Posts.accountName(name)]))
        }
        Terminal.say(password)
    }
}

/// Passwords made here: letters and digits that are not mistaken for one another, about 70 bits.
enum Password {
    private static let letters = Array("abcdefghjkmnpqrstuvwxyz23456789")

    static func made() -> String {
        var random = SystemRandomNumberGenerator()
        return (0..<14).map { _ in String(letters[Int.random(in: 0..<letters.count, using: &random)]) }.joined()
    }
}
