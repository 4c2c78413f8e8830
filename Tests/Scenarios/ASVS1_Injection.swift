import Basics
import Catalog
import Grids
import Foundation
import Insight
import Matters
import Posts
import Store
import Support
import Testing
import Web

@testable import weiwang

/// OWASP ASVS 5.0, chapter 1: what somebody wrote is text everywhere, on pages, in queries, in files.
@Suite struct ASVS1_Injection {
    /// Would open an element, close an attribute, and end a line. The second quote carries a combining mark: together they are one
    /// `Character`, which an escape by Characters would let through.
    static let canary = "zq\"'><svg/onload=zq()>zr\"\u{338} onload=zq() x="

    /// Every text that anybody may write says the canary: residents, staff, administrators, programs.
    private func sow(_ town: Town, _ cast: RightsCast) async throws {
        let text = Self.canary
        let piece = cast.pieces[0]
        let category = town.engines.catalog.current.categories.first?.id
        _ = try await town.report("井盖 \(text)", at: Town.micro, category: category)
        try? await town.perform("何雨", "note", piece.id) { $0.words = text }
        try? await town.perform("何雨", "progress", piece.id) { $0.words = text }
        try? await town.perform(reporter: piece.report, "reply", piece.id) { $0.words = text }
        let posts = town.engines.posts
        let now = town.clock.time.now
        try await town.engines.database.write { tx in
            func act(_ label: String) -> Act { .system("demo", id: Town.id("sow \(label)"), at: now) }
            for name in ["何雨", "苏城", "周禾", "林小满", "安平", "唐原"] {
                try posts.renamePerson(Town.person(name), to: name + text, phone: text, act: act("person \(name)"), in: tx)
            }
            for post in ["officer", "leader", "vacant", "desk", "sanitation", "center"] {
                try posts.renamePost(Town.post(post), to: post + text, act: act("post \(post)"), in: tx)
            }
            for unit in ["sanitation", "water"] {
                try posts.renameUnit(Town.unit(unit), to: unit + text, act: act("unit \(unit)"), in: tx)
            }
            try posts.addClient(ClientID(Town.id("client")), name: text, key: "k", act: act("client"), in: tx)
            try tx.run("UPDATE grid SET name = name || \(text), code = code || \("\"<b>") WHERE level <> 'root'")
            try tx.run("UPDATE meta SET value = 'sown' WHERE key = 'land.revision'")
            try tx.run("UPDATE matter SET words = words || \(text)")
            try tx.run("UPDATE report SET words = \(text)")
        }
        _ = try await town.engines.database.read { try town.engines.grids.reload(in: $0) }
        try await town.settle()
    }

    @Test(
        "ASVS-1.2.1 what was written into any field breaks out of no page; what is asked in any query neither",
        arguments: Support.Backend.all)
    func canaries(on backend: Support.Backend) async throws {
        try await inTown(backend) { town in
            let cast = try await RightsCast.set(town)
            let paths = try WebApp.routes.all.filter { $0.reads && !$0.path.hasSuffix("/live") && !$0.path.hasSuffix(".pdf") }.flatMap {
                route in
                try [cast.pieces[0], cast.pieces[3]].map { try RightsMatrix.address(route.path, $0, town) }
            }
            try await sow(town, cast)
            let asked = try #require(Self.canary.addingPercentEncoding(withAllowedCharacters: .alphanumerics))
            let names = try Self.queryNames()
            #expect(names.count > 30)
            let query = names.map { "\($0)=\(asked)" }.joined(separator: "&")
            var shown = 0
            for visitor in [nil, "何雨", "苏城", "唐原", "安平", "林小满"] as [String?] {
                let browser = try await town.browser(visitor)
                for path in Set(paths) {
                    for address in [path, path + (path.contains("?") ? "&" : "?") + query] {
                        let answer = try await browser.get(address)
                        #expect(answer.status < 500, "\(visitor ?? "nobody") \(path): \(answer.status)")
                        let type = answer.header("content-type") ?? ""
                        guard type.contains("html") || type.contains("svg") || type.contains("xml") && !type.contains("sheet") else {
                            continue
                        }
                        let broken = ["<svg/onload", "zq\"", "zr\""].filter(answer.shows)
                        #expect(broken == [], "\(visitor ?? "nobody") \(address.prefix(80))")
                        if answer.shows("zq&quot;"), answer.shows("zr&quot;") { shown += 1 }
                    }
                }
            }
            #expect(shown > 100, "the canary is on few pages: \(shown)")
        }
    }

    /// Every name that a page asks its query for, as the sources say.
    static func queryNames() throws -> [String] {
        let root = URL(fileURLWithPath: #filePath).deletingLastPathComponent().deletingLastPathComponent().deletingLastPathComponent()
        let files = FileManager.default.enumerator(atPath: root.path + "/Sources/Web")?.compactMap { $0 as? String } ?? []
        var names: Set<String> = []
        for file in files where file.hasSuffix(".swift") {
            let text = try String(contentsOfFile: root.path + "/Sources/Web/" + file, encoding: .utf8)
            for match in text.matches(of: #/(?:query|queries|number)\("([a-z_]+)"\)/#) { names.insert(String(match.1)) }
        }
        return names.sorted()
    }

    @Test("ASVS-1.2.4 what is asked is no part of a statement: the same answer, at once", arguments: Support.Backend.all)
    func statements(on backend: Support.Backend) async throws {
        try await inTown(backend) { town in
            let cast = try await RightsCast.set(town)
            let names = try Self.queryNames()
            let browser = try await town.browser("唐原")
            let before = try await town.entries()
            for payload in [
                "' OR '1'='1", "1; SELECT pg_sleep(5)--", "1) UNION SELECT password FROM account--", "\\'; DROP TABLE matter;--", "%",
                "\"*\"", "NEAR(", "a:b AND",
            ] {
                let asked = try #require(payload.addingPercentEncoding(withAllowedCharacters: .alphanumerics))
                let query = names.map { "\($0)=\(asked)" }.joined(separator: "&")
                for route in WebApp.routes.all where route.reads && !route.path.hasSuffix("/live") && !route.path.hasSuffix(".pdf") {
                    let path = try RightsMatrix.address(route.path, cast.pieces[0], town)
                    let began = Date()
                    let answer = try await browser.get(path + (path.contains("?") ? "&" : "?") + query)
                    #expect(answer.status < 500 && !answer.text.contains("scrypt$"), "\(path) \(payload): \(answer.status)")
                    #expect(Date().timeIntervalSince(began) < 5, "\(path) \(payload)")
                }
            }
            #expect(try await town.entries() == before)
            #expect(try await town.matters().count == cast.pieces.count)
        }
    }

    @Test("ASVS-1.2.10 a spreadsheet computes nothing of what somebody wrote", arguments: Support.Backend.all)
    func formulas(on backend: Support.Backend) async throws {
        try await inTown(backend) { town in
            let category = town.engines.catalog.current.categories.first?.id
            let starts = ["=", "+", "-", "@", "\t", "\r", "＝", "＋", "－", "＠"]
            for start in starts { _ = try await town.report("x", at: Town.micro, category: category) }
            let ids = try await town.matters().map(\.id)
            try await town.engines.database.write { tx in
                for (id, start) in zip(ids, starts) {
                    try tx.run(
                        "UPDATE matter SET words = \(start + "HYPERLINK(\"http://evil\")") WHERE id = \(id)"
                    )
                }
            }
            let browser = try await town.browser("何雨")
            for path in ["/api/export/matters.csv", "/command/table.csv"] {
                let answer = try await browser.get(path)
                #expect(answer.status == 200)
                for cell in answer.text.split(whereSeparator: { $0 == "," || $0.isNewline }) {
                    let bare = cell.drop { $0 == "\"" || $0 == "\u{feff}" }
                    guard let first = bare.unicodeScalars.first, Double(bare) == nil else { continue }
                    #expect(!"=+-@\t\r＝＋－＠".unicodeScalars.contains(first), "\(path): \(cell)")
                }
            }
        }
    }
}
