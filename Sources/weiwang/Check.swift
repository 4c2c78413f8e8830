import ArgumentParser
import Basics
import Catalog
import Delivery
import Foundation
import Grids
import Posts
import Store

/// `weiwang check`: what an operator should know; ends with status 1 if there is anything.
struct Check: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        abstract: "Look over partition, catalog, posts, journal, followers and calendar; prints what is found, status 1 if anything.")

    @Option(help: "A head that weiwang anchor printed, or a file of them; the folder's own file is always read.") var anchor: [String] = []
    @OptionGroup var data: DataOptions

    /// Entries a follower may be behind before it is worth a line.
    private static let mostBehind = 10_000

    func run() async throws {
        let place = try data.place()
        let texts = try anchor.map { text in
            if Chain.Head(text) != nil { return text }
            guard let read = try? String(contentsOfFile: text, encoding: .utf8) else {
                throw ValidationError("--anchor is a head as weiwang anchor prints it, or a file of such lines: \(text)")
            }
            return read
        }
        let own = (try? String(contentsOfFile: Anchors.file(in: place.folder), encoding: .utf8)) ?? ""
        let anchors = (texts + [own]).flatMap(Anchors.read)
        let found = try await Engines.with(place, readOnly: true) { engines in
            let found = try await Self.findings(engines, anchors: anchors)
            for line in found { Terminal.say(line) }
            let chain = try await engines.database.read { tx in (head: try tx.lastSeal(), waiting: try tx.unsealed()) }
            Terminal.say(
                engines.catalog.current.strings.text(
                    "check.journal.head", Terminal.language, ["head": chain.head.text, "waiting": "\(chain.waiting)"]))
            return found
        }
        if !found.isEmpty { throw ExitCode(1) }
        Terminal.say(try Catalog(home: CatalogFiles.home() ?? ".").strings.text("check.sound", Terminal.language))
    }

    static func findings(_ engines: Engines, anchors: [Chain.Head] = []) async throws -> [String] {
        let strings = engines.catalog.current.strings
        func say(_ key: String, _ values: [String: String] = [:]) -> String { strings.text("check." + key, Terminal.language, values) }
        var lines: [String] = []
        for level in try engines.grids.land.on().findings() {
            for finding in level.findings {
                lines.append(
                    say(
                        "partition",
                        ["level": strings.text("level." + level.level, Terminal.language), "finding": FindingText(strings).line(finding)]))
            }
        }
        for problem in engines.catalog.problems { lines.append(problem.sentence(strings, Terminal.language)) }
        let now = engines.time.now
        let posts = engines.posts
        let (vacant, chain, cursors, end) = try await engines.database.read { tx in
            (
                try posts.vacantPosts(under: .root, neededOnly: true, at: now, in: tx),
                try Chain.examine(anchors: anchors, in: tx),
                try tx.all("SELECT name, turn, seq FROM follower ORDER BY name") {
                    (name: try $0["name"] as String, cursor: JournalCursor(turn: try $0["turn"], seq: try $0["seq"]))
                }, try tx.journalEnd()
            )
        }
        for post in vacant.items { lines.append(say("vacant", ["post": post.post.name])) }
        if vacant.missing > vacant.items.count { lines.append(say("vacant_more", ["count": String(vacant.missing - vacant.items.count)])) }
        if let broken = chain.broken {
            lines.append(
                say(
                    "journal.\(broken.sort.rawValue)",
                    ["place": "\(broken.place)", "entry": broken.entry?.description ?? say("journal.unknown")]))
        }
        for follower in cursors where end.seq - follower.cursor.seq > Int64(mostBehind) {
            lines.append(say("follower", ["name": follower.name, "count": String(end.seq - follower.cursor.seq)]))
        }
        let (lost, more) = try await engines.database.lostFiles(most: 20)
        for digest in lost { lines.append(say("photo", ["digest": digest])) }
        if more > 0 { lines.append(say("photo_more", ["count": String(more)])) }
        for year in engines.catalog.current.calendar.missingYears(at: now) { lines.append(say("calendar", ["year": String(year)])) }
        return lines
    }
}
