import Basics
import Foundation
import Support
import Testing
import Web

@testable import weiwang

extension FieldTrial {
    /// An act or report sent again is the same one and does nothing more, whatever else is in its form.
    static let always: Set<String> = ["act", "id", "update_id"]

    typealias Send = ([(String, String)]) async throws -> WebClient.Answer

    /// Every field that the answers look for, also those that they look for only because of what is in another.
    func exhaust(_ what: String, _ key: [String], _ plain: WebClient.Answer? = nil, _ send: Send) async throws {
        let first: WebClient.Answer
        if let plain { first = plain } else { first = try await send([]) }
        var (asked, done) = (first.asked, Set<String>())
        while true {
            let fresh = asked.filter { !done.contains($0) && RightsFields.carrying[$0] != nil }
            guard !fresh.isEmpty else { return }
            done.formUnion(fresh)
            tries.pairs.formUnion(fresh.map { key + [$0] })
            for group in FieldItem.groups(try FieldItem.all(fresh, trier.foreign), alone: alone) {
                asked.formUnion(try await check(what, group, send))
            }
        }
    }

    /// - Returns: what the answers looked for.
    private func check(_ what: String, _ items: [FieldItem], _ send: Send) async throws -> Set<String> {
        var (asked, said) = (Set<String>(), "")
        let sent = "\(trier.title) \(what) " + items.map { "\($0.name)=\($0.value)" }.joined(separator: " ")
        // Others are at work at the same time, so a page may have changed between the two: what differs, differs each time.
        for _ in 1...3 {
            let one = try await send(items.map { ($0.name, $0.value) })
            let two = try await send(items.map { ($0.name, $0.absent) })
            tries.asked += 2
            noTrace(one, sent)
            asked.formUnion(one.asked.union(two.asked))
            let (first, second) = (one.told(items.map(\.value)), two.told(items.map(\.absent)))
            if first == second, one.status < 400 {
                if !Self.always.contains(items[0].name) { alone.remove(items[0].name) }
                return asked
            }
            guard items.count == 1 else { break }
            if one.status >= 400 { alone.insert(items[0].name) }
            // An id that a sender makes up himself is his unless it is taken: that it is, he may know.
            if first == second || !items[0].sort.isSecret || items[0].name == "id" { return asked }
            said = Self.difference(first, second)
        }
        if items.count > 1 {
            let half = items.count / 2
            let first = try await check(what, Array(items[..<half]), send)
            return asked.union(first).union(try await check(what, Array(items[half...]), send))
        }
        Issue.record("\(sent) differs from one that is not there: \(said)")
        return asked
    }

    private static func difference(_ a: [UInt8], _ b: [UInt8]) -> String {
        let (x, y) = (a.split(separator: 10), b.split(separator: 10))
        let at = zip(x, y).enumerated().first { $0.element.0 != $0.element.1 }?.offset
        func text(_ line: ArraySlice<UInt8>) -> String { String(decoding: line.prefix(300), as: UTF8.self) }
        return at.map { "\(text(x[$0])) ≠ \(text(y[$0]))" } ?? "\(x.count) lines, \(y.count) lines"
    }

    func unchanged(_ what: String) async throws {
        let after = try await trier.foreign.rows(town)
        if after != before { Issue.record("\(trier.title) \(what) changed it: \(Set(after).symmetricDifference(before).sorted())") }
        before = after
    }

    private func noTrace(_ answer: WebClient.Answer, _ what: String) {
        let piece = trier.foreign.piece
        for trace in [piece.number, piece.digest, piece.token, RightsCast.words(piece), trier.foreign.said] where !what.contains(trace) {
            #expect(!answer.shows(trace) && !answer.location.contains(trace), "\(what) tells \(trace)")
        }
        #expect(answer.status < 500 && answer.status != 429, "\(what): \(answer.status)")
    }
}

extension WebClient.Answer {
    /// The names that it looked for in what was sent; with a question mark where only whether there is one.
    var asked: Set<String> { Set((header("x-asked") ?? "").split(separator: ",").map(String.init)) }

    /// What it tells whoever asked for these: of a form that comes back refused why, for around it stand lists that go on changing.
    func told(_ asked: [String]) -> [UInt8] {
        guard status >= 400, let said else { return settled(asked + made) }
        return Array("\(status) \(said)".utf8)
    }

    private var said: String? {
        guard let begin = text.range(of: "role=\"alert\""), let end = text.range(of: "</", range: begin.upperBound..<text.endIndex) else {
            return nil
        }
        return String(text[begin.upperBound..<end.lowerBound])
    }

    /// What was made for this answer alone: a report's number, a password, the version of a matter that was acted on.
    private var made: [String] {
        guard body.count < 1000 || shows("class=\"secret\"") || shows("name=\"m\"") else { return [] }
        return text.matches(of: #/"service_request_id":\s*"([^"]+)"|class="secret"><code>([^<]+)<|(~[0-9]+)"/#)
            .compactMap { ($0.1 ?? $0.2 ?? $0.3).map(String.init) }
    }
}
