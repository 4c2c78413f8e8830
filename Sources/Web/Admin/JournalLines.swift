import Basics
import Catalog
import Posts
import Store

/// Entries in words.
struct JournalLines {
    struct Line {
        let id: String
        let at: String
        let exact: String
        let who: String
        let person: PersonID?
        let post: (id: PostID, name: String)?
        let did: String
        let about: String
        let detail: String
    }

    let all: [Line]

    init(_ entries: [Store.Entry], _ room: AdminRoom) throws {
        let posts = room.house.posts
        let persons = try posts.persons(
            Set(
                entries.flatMap { [$0.actor.sort == .person ? $0.actor.id : nil, Self.isPerson($0.subject) ? $0.subjectID : nil] }
                    .compactMap { $0.map { PersonID($0) } }), in: room.tx)
        let clients = Dictionary(try posts.clients(in: room.tx).map { ($0.id.uuid, $0.name) }, uniquingKeysWith: { first, _ in first })
        all = entries.map { entry in
            let person = entry.actor.sort == .person ? entry.actor.id.map { PersonID($0) } : nil
            let who =
                switch entry.actor.sort {
                case .person: person.flatMap { persons[$0]?.name } ?? room.say("journal.somebody")
                case .pass: room.say(entry.actor.id == nil ? "journal.stranger" : "journal.pass")
                case .client: entry.actor.id.flatMap { clients[$0] } ?? room.say("journal.client")
                case .system: room.say("journal.system", ["name": entry.actor.name ?? ""])
                }
            let about =
                Self.isPerson(entry.subject)
                ? persons[PersonID(entry.subjectID)]?.name ?? entry.subjectID.description : entry.subjectID.description
            let sort = room.house.wording.find("journal.subject.\(entry.subject)", room.call.language, [:]) ?? entry.subject
            return Line(
                id: entry.id.description, at: room.times.moment(entry.at), exact: entry.at.iso(in: room.house.zone), who: who,
                person: person,
                post: entry.post.map { (PostID($0), room.postName(PostID($0))) }, did: Self.verb(entry.verb, room),
                about: "\(sort) \(about)",
                detail: entry.detail.sorted { $0.key < $1.key }.map { "\($0.key) \($0.value)" }.joined(separator: " · "))
        }
    }

    private static func isPerson(_ subject: String) -> Bool { subject == "account" || subject == "person" }

    /// What the catalog calls an action on a matter, what the platform calls everything else.
    private static func verb(_ verb: String, _ room: AdminRoom) -> String {
        let language = room.call.language
        if let words = room.house.wording.find("journal.did." + verb, language, [:]) { return words }
        let action = verb.split(separator: ".").last.map(String.init) ?? verb
        return room.house.wording.find("action." + action, language, [:]) ?? verb
    }
}
