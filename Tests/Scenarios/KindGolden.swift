import Basics
import Catalog
import Foundation
import Geo
import Matters
import Posts
import Store
import Support
import Testing

@testable import weiwang

/// Golden cases of the kinds: actions in, states and clocks out. `Tests/Catalog/kinds/<kind>/<story>.golden` holds lines of what people do,
/// each followed by `= …`, how the matter stands after it.
///
///     A report 垃圾成堆 category=exposed_rubbish      a report, called A from here on; at=border, at=outside, at=other
///     A 林小满 accept                                 somebody's action, with words= reason= units= due= rating= …
///     A reporter confirm                              the reporter's
///     clock 2026-11-23 09:00                          the time, with what falls due until then
///
/// `WEIWANG_GOLDEN=write swift test --filter KindGolden` writes what is; the difference is then read and committed by a person.
@Suite struct KindGolden {
    private static let folder = URL(fileURLWithPath: #filePath).deletingLastPathComponent().deletingLastPathComponent()
        .appendingPathComponent("Catalog/kinds")

    static let stories: [String] = (FileManager.default.enumerator(atPath: folder.path)?.compactMap { $0 as? String } ?? [])
        .filter { $0.hasSuffix(".golden") }.sorted()

    @Test(arguments: stories, Backend.all)
    func story(_ name: String, on backend: Backend) async throws {
        let file = Self.folder.appendingPathComponent(name)
        let given = try String(contentsOf: file, encoding: .utf8)
        var told: [String] = []
        try await inTown(backend) { town in
            let teller = GoldenTeller(town)
            for line in given.split(separator: "\n", omittingEmptySubsequences: false).map(String.init) where !line.hasPrefix("= ") {
                told.append(line)
                if line.isEmpty || line.hasPrefix("#") { continue }
                told.append("= " + (try await teller.tell(line)))
            }
        }
        let text = told.joined(separator: "\n")
        if ProcessInfo.processInfo.environment["WEIWANG_GOLDEN"] == "write" { try text.write(to: file, atomically: true, encoding: .utf8) }
        let (was, now) = (given.split(separator: "\n"), text.split(separator: "\n"))
        for (index, line) in now.enumerated() {
            #expect(index < was.count && was[index] == line, "\(name): \(index > 0 ? String(now[index - 1]) : "")")
        }
        #expect(was.count == now.count && now.contains { $0.hasPrefix("= ") }, "\(name) tells nothing")
    }

    @Test("every action of every kind stands in a story")
    func everyAction() throws {
        let catalog = try Catalog(home: Self.folder.appendingPathComponent("../../..").standardized.path)
        for kind in try Kinds(catalog).byID.values {
            let told = try Self.stories.filter { $0.hasPrefix(kind.id + "/") }.map {
                try String(contentsOf: Self.folder.appendingPathComponent($0), encoding: .utf8)
            }.joined()
            for action in kind.actions { #expect(told.contains(" \(action.id)"), "\(kind.id).\(action.id) stands in no golden story") }
        }
    }
}

/// Does what a line says, and says how the matter stands.
private final class GoldenTeller {
    private let town: Town
    private var matters: [Substring: (matter: MatterID, report: ReportID)] = [:]
    private var heard: [Substring: [String]] = [:]
    private var turn = 0

    init(_ town: Town) { self.town = town }

    func tell(_ line: String) async throws -> String {
        let words = line.split(separator: " ")
        guard words.count >= 3 else { return "not understood" }
        if words[0] == "clock" { return try await clock("\(words[1])T\(words[2]):00+08:00") }
        let given = Dictionary(
            words.dropFirst(3).compactMap { word in
                word.firstIndex(of: "=").map { (String(word[..<$0]), String(word[word.index(after: $0)...])) }
            }, uniquingKeysWith: { $1 })
        turn += 1
        do {
            if words[1] == "report" {
                try await report(words[0], String(words[2]), given)
            } else {
                try await act(words[0], String(words[1]), String(words[2]), given)
            }
        } catch let refusal as any Refusal {
            return "refused: \(refusal.key)"
        }
        return try await standing(words[0])
    }

    private func clock(_ text: String) async throws -> String {
        guard let to = Instant(iso: text, zone: .gmt) else { return "not understood" }
        // In steps, so that what falls due at one hour is told before the next.
        while town.clock.time.now < to {
            town.clock.set(min(to, town.clock.time.now + .hours(12)))
            try await town.settle()
        }
        var lines: [String] = []
        for name in matters.keys.sorted() { lines.append("\(name) " + (try await standing(name))) }
        return lines.joined(separator: " | ")
    }

    private func report(_ name: Substring, _ words: String, _ given: [String: String]) async throws {
        let engine = town.engines.matters
        let now = town.clock.time.now
        let id = ReportID(Town.id("golden \(name)"))
        var new = NewReport(
            id: id, number: try await engine.nextNumber(at: now, from: town.engines.database), channel: "portal", queryCode: "123456")
        new.words = words
        new.category = given["category"]
        new.point =
            switch given["at"] {
            case "border": Coordinate(lon: 113.6025, lat: 34.74503)
            case "other": Town.otherMicro
            case "outside": Town.outside
            default: Town.micro
            }
        new.join = given["join"].flatMap { matters[$0[...]]?.matter }
        let report = new
        let act = Act(id: id.uuid.derived("open"), at: now, actor: .stranger)
        let opened = try await town.engines.database.write { try engine.open(report, act: act, in: $0) }
        matters[name] = (opened.matter.id, id)
    }

    private func act(_ name: Substring, _ who: String, _ verb: String, _ given: [String: String]) async throws {
        guard let (matter, report) = matters[name] else { throw MatterRefusal.unknown }
        let (engine, posts, now) = (town.engines.matters, town.engines.posts, town.clock.time.now)
        var input = ActInput()
        input.words = given["words"]
        input.reason = given["reason"]
        input.category = given["category"]
        input.class = given["class"]
        input.due = given["due"].flatMap { Day($0) }
        input.rating = given["rating"].flatMap { Int($0) }
        input.outcome = given["outcome"]
        input.units = (given["units"] ?? "").split(separator: ",").map { Town.unit(String($0)) }
        input.posts = given["post"].map { [Town.post($0)] } ?? []
        input.other = given["other"].flatMap { matters[$0[...]]?.matter }
        if let steps = given["steps"] { input.milestones = steps.split(separator: ",").compactMap { Day($0).map { ("\($0)", $0) } } }
        let milestones = try await town.engines.database.read { try engine.milestones(of: matter, in: $0) }
        input.milestone = given["step"].flatMap { step in milestones.first { $0.name == step }?.id }
        let person = who == "reporter" ? nil : try await town.actor(who)
        let (typed, turn) = (input, turn)
        _ = try await town.engines.database.write { tx in
            let actor =
                try person
                ?? .pass(
                    try posts.reporterPass(report: report.uuid, verbs: [], at: now, in: tx).pass.id,
                    subject: .init(sort: "report", id: report.uuid),
                    verbs: [])
            let act = Act(id: Town.id("golden act \(turn)"), at: now, actor: actor)
            return try engine.perform(verb, on: matter, input: typed, act: act, in: tx)
        }
    }

    /// `open red · leader doing, water offered · finish 11-20 15:00 · told reporter finish`
    private func standing(_ name: Substring) async throws -> String {
        guard let (id, report) = matters[name] else { return "no such matter" }
        let engine = town.engines.matters
        try await town.settle()
        let (matter, parts, clocks, asked) = try await town.engines.database.read { tx in
            let matter = try engine.matter(id, in: tx)
            return (matter, try engine.parts(of: id, in: tx), try engine.clocks(of: id, in: tx), try engine.reports(of: id, in: tx).count)
        }
        guard let matter else { return "gone" }
        var state = [matter.state.rawValue, matter.mark == .none ? "" : matter.mark.rawValue].filter { !$0.isEmpty }
        if let outcome = matter.outcome { state.append(outcome.rawValue) }
        if let answer = matter.confirmed { state.append("confirmed \(answer.rawValue)") }
        if matter.supervised { state.append("supervised") }
        if matter.asked { state.append("asked") }
        if asked != 1 { state.append("\(asked) reports") }
        let open = parts.filter(\.isOpen).map { part in
            "\(Self.name(part.post)) \(part.ask == nil ? "" : "asked ")\(part.state.rawValue)"
        }
        let zone = town.engines.catalog.current.platform.zone
        let running = clocks.filter { $0.stoppedAt == nil }.map { clock in
            clock.isPaused
                ? "\(clock.name) pauses" : "\(clock.name) \(clock.dueAt.iso(in: zone).dropFirst(5).prefix(11).replacing("T", with: " "))"
        }
        // What the reporter has heard since the line before.
        var told = try await town.told(report)
        for key in heard[name] ?? [] { if let at = told.firstIndex(of: key) { told.remove(at: at) } }
        heard[name, default: []] += told
        let news = told.isEmpty ? "" : "told " + told.map { $0.replacing("notice.matter.", with: "") }.sorted().joined(separator: ", ")
        return [state.joined(separator: " "), open.joined(separator: ", "), running.joined(separator: ", "), news]
            .filter { !$0.isEmpty }.joined(separator: " · ")
    }

    private static let posts = [
        "leader", "vacant", "worker", "officer", "secretary", "officer2", "center", "desk", "sanitation", "water", "power",
    ]
    private static func name(_ post: PostID) -> String { posts.first { Town.post($0) == post } ?? "?" }
}
