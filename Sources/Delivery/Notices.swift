import Basics
import Matters
import Posts
import Store

/// Turns the journal into what people are told: the reporter at each step, the post that gets work, the post above when a limit ran out.
/// Import and demo tell nobody.
package struct Notices: LeasedFollower {
    private let matters: Matters
    private let channels: [any Channel]
    package let name = "notices"

    package init(matters: Matters, channels: [any Channel] = [Inbox()]) {
        self.matters = matters
        self.channels = channels
    }

    package func follow(_ entries: [Entry], in tx: Transaction) throws {
        var last: Matter?
        for entry in entries where entry.subject == "matter" && entry.actor.name != "import" && entry.actor.name != "demo" {
            let id = MatterID(entry.subjectID)
            // An act leaves several entries of one matter in a row.
            if last?.id != id { last = try matters.matter(id, in: tx) }
            guard let matter = last else { continue }
            for owner in try owners(entry, matter, in: tx) { try tell(owner, entry, matter, in: tx) }
        }
    }

    private func tell(_ owner: NoticeOwner, _ entry: Entry, _ matter: Matter, in tx: Transaction) throws {
        var parameters = ["number": matter.number]
        parameters["category"] = matter.category
        for key in ["post", "clock", "reason", "outcome", "given", "due"] { parameters[key] = entry.detail[key] }
        let notice = Notice(
            id: entry.id.derived("\(owner)"), owner: owner, matter: matter.id, key: "notice.\(entry.verb)", parameters: parameters,
            at: entry.at)
        for channel in channels { try channel.tell(notice, in: tx) }
    }

    /// Who hears of an entry: what the kind's action says, and the few things that every kind tells.
    private func owners(_ entry: Entry, _ matter: Matter, in tx: Transaction) throws -> [NoticeOwner] {
        let verb = String(entry.verb.drop { $0 != "." }.dropFirst())
        var hears: Set<Action.Hears> = []
        var owners: [NoticeOwner] = []
        switch verb {
        case "offered": return entry.detail["post"].flatMap { PostID($0) }.map { [.post($0)] } ?? []
        case "opened", "joined", "photo_missing":
            return entry.detail["report"].flatMap { ReportID($0) }.map { [.report($0)] } ?? []
        case "reminded": hears = [.holder]
        case "late": hears = [.holder]
        case "milestone_late": hears = [.holder]
        case "closed_unconfirmed", "merged_here": hears = [.reporter]
        default: hears = Set(try matters.kind(of: matter, in: tx).action(verb)?.tells ?? [])
        }
        if let above = entry.detail["above"].flatMap({ PostID($0) }) { owners.append(.post(above)) }
        if hears.contains(.reporter) { owners += try matters.reports(of: matter.id, in: tx).map { .report($0.id) } }
        guard !hears.isDisjoint(with: [.holder, .asker, .asked]) else { return owners }
        let parts = try matters.parts(of: matter.id, in: tx)
        let named = entry.detail["part"].flatMap { PartID($0) }
        if hears.contains(.holder) { owners += parts.filter { $0.isOpen && (named == nil || $0.id == named) }.map { .post($0.post) } }
        if hears.contains(.asked) {
            let lost = Set((entry.detail["parts"] ?? "").split(separator: " ").compactMap { PartID($0) })
            owners += parts.filter { lost.contains($0.id) }.map { .post($0.post) }
        }
        if hears.contains(.asker) { owners += parts.filter { $0.id == named }.compactMap { $0.askedBy.map { .post($0) } } }
        return Array(Set(owners)).filter { $0.id != entry.post }
    }
}

/// For whom a notice is.
package enum NoticeOwner: Hashable, Sendable, CustomStringConvertible {
    case report(ReportID)
    case post(PostID)
    case person(PersonID)

    package var sort: String {
        switch self {
        case .report: "report"
        case .post: "post"
        case .person: "person"
        }
    }

    package var id: UUIDv7 {
        switch self {
        case .report(let id): id.uuid
        case .post(let id): id.uuid
        case .person(let id): id.uuid
        }
    }

    package var description: String { "\(sort) \(id)" }
}

/// A sentence (`strings` key with parameters) for somebody about a matter.
package struct Notice: Sendable {
    package let id: UUIDv7
    package let owner: NoticeOwner
    package let matter: MatterID
    package let key: String
    package let parameters: [String: String]
    package let at: Instant
}

/// A way to tell people. It writes to its own rows in the same transaction (what goes outside goes through the outbox), so that a
/// notice is told once, whatever dies when.
package protocol Channel: Sendable {
    func tell(_ notice: Notice, in tx: Transaction) throws
}
