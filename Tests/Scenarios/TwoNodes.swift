import Basics
import Foundation
import Geo
import Grids
import Insight
import Logging
import Posts
import Store
import Support
import Testing
import Web

@testable import weiwang

/// Two nodes on one PostgreSQL and one folder: what one is told the other knows.
@Suite struct TwoNodes {
    private struct Node {
        let engines: Engines
        let house: House
        let port: Int
        let serving: Task<Void, any Error>

        static func open(_ place: DatabasePlace) async throws -> Node {
            let home = (#filePath as NSString).pathComponents.dropLast(3).joined(separator: "/")
            let time = TimeSource { Town.morning }
            let engines = try await Engines.open(place, asNode: true, home: home, time: time, logger: .quiet)
            let server = try await Server.make(engines, settings: WebSettings(publicURL: "http://town.test"), logger: .quiet)
            let (port, serving) = try await server.listening(logger: .quiet)
            return Node(engines: engines, house: server.house, port: port, serving: serving)
        }

        func close() async {
            serving.cancel()
            _ = try? await serving.value
            await engines.database.close()
        }

        func count(_ query: SQL) async throws -> Int { try await engines.database.read { try $0.count(query) } }
    }

    private static func eventually(_ what: () async throws -> Bool) async throws -> Bool {
        for _ in 0..<200 {
            if try await what() { return true }
            try await Task.sleep(for: .milliseconds(25))
        }
        return false
    }

    private static func inTwo(_ story: (Node, Node) async throws -> Void) async throws {
        guard Support.Backend.all.contains(.postgres) else { return }
        try await Turnstile.shared.pass {
            let scratch = try await ScratchPlace(.postgres)
            async let first = Node.open(scratch.place)
            async let second = Node.open(scratch.place)
            let (one, two) = try await (first, second)
            do { try await story(one, two) } catch {
                for node in [one, two] { await node.close() }
                throw error
            }
            for node in [one, two] { await node.close() }
        }
    }

    @Test("a root that another node is just making is not made twice")
    func oneRoot() async throws {
        guard Support.Backend.all.contains(.postgres) else { return }
        try await withDatabase(.postgres) { database in
            database.rehearseWrites(false)
            let grids = Grids(levels: [], zone: .gmt)
            async let first: Void = database.write { tx in
                try grids.bootstrap(id: GridID(Town.id("one")), name: "one", at: Town.morning, in: tx)
                Thread.sleep(forTimeInterval: 0.4)
            }
            try await Task.sleep(for: .milliseconds(150))
            try await database.write { try grids.bootstrap(id: GridID(Town.id("two")), name: "two", at: Town.morning, in: $0) }
            try await first
            #expect(try await database.read { try $0.count("SELECT COUNT(*) FROM grid") } == 1)
        }
    }

    @Test("two that begin at once on an empty database make one root; what is done on one stands, is heard and is counted on the other")
    func oneHouse() async throws {
        try await Self.inTwo { one, two in
            #expect(try await one.count("SELECT COUNT(*) FROM grid WHERE level = 'root'") == 1)
            #expect(try await one.count("SELECT COUNT(*) FROM unit") == 1)

            // Posts, people and land.
            try await Town.build(one.engines)
            let book = try await two.engines.database.read { try two.engines.posts.book(in: $0) }
            #expect(book.posts[Town.post("leader")] != nil)
            #expect(two.engines.grids.land.grids.count == 1)
            let moved = Entry(
                id: UUIDv7(at: Town.morning), at: Town.morning, actor: .system("test"), subject: "grid",
                subjectID: UUIDv7(at: Town.morning), verb: "grid.moved", path: .root)
            try await one.engines.database.write { _ = try $0.record(moved) }
            #expect(try await Self.eventually { two.engines.grids.land.grids.count > 10 })

            // A session, a stream, a client, a report.
            let token = Secret.token()
            try await one.engines.database.write { tx in
                try tx.run(
                    """
                    INSERT INTO session (digest, person_id, csrf, made_at, seen_at, until)
                    VALUES (\(Secret.digest(token)), \(Town.person("何雨")), 'x', \(Town.morning), \(Town.morning),
                        \(Town.morning + .days(7)))
                    """)
                let act = Act.system("test", id: UUIDv7(at: Town.morning), at: Town.morning)
                try one.engines.posts.addClient(ClientID(at: Town.morning), name: "hotline", key: "key of the hotline", act: act, in: tx)
            }
            let officer = WebClient(port: two.port)
            officer.cookies["weiwang"] = token
            #expect(try await officer.get("/me").status == 200)
            var stream = officer.listen().makeAsyncIterator()
            var text = ""
            while !text.contains(": open") { text += try await stream.next() ?? ": open" }
            let own = UUIDv7(at: Town.morning).description
            let fields = [
                ("api_key", "key of the hotline"), ("service_code", "exposed_rubbish"), ("lat", "\(Town.micro.lat)"),
                ("long", "\(Town.micro.lon)"), ("description", "路口垃圾"), ("id", own),
            ]
            let numbers = try await [one, two].asyncMap { node in
                try await WebClient(port: node.port).post("/open311/v2/requests.json", fields).text
            }
            // The same report again, to the other node, is the same report.
            #expect(numbers[0] == numbers[1] && numbers[0].contains("service_request_id"))
            #expect(try await two.count("SELECT COUNT(*) FROM matter") == 1)
            while !text.contains("event: matter") { text += try await stream.next() ?? "event: matter" }
            #expect(text.contains("data: {") && text.contains("113.60"))
            #expect(try await Self.eventually { two.house.board.matterCount == 1 && one.house.board.matterCount == 1 })

            // Each entry has one seal, whichever node made it.
            let sealed = try await Self.eventually {
                try await one.count("SELECT (SELECT COUNT(*) FROM entry) - (SELECT COUNT(*) FROM seal)") == 0
            }
            #expect(sealed)
            // A session that is ended on one node hears nothing more on the other.
            try await one.engines.database.write { tx in
                try one.engines.posts.signOut(token, entry: UUIDv7(at: Town.morning), at: Town.morning, in: tx)
            }
            while let piece = try await stream.next() { text += piece }
            #expect(text.hasSuffix("event: end\ndata: {}\n\n"))
            #expect(try await officer.get("/me").status == 303)
        }
    }
}

extension Array where Element: Sendable {
    fileprivate func asyncMap<T: Sendable>(_ body: (Element) async throws -> T) async rethrows -> [T] {
        var result: [T] = []
        for element in self { result.append(try await body(element)) }
        return result
    }
}
