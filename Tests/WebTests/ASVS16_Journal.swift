import Basics
import Catalog
import Foundation
import Logging
import Posts
import Store
import Support
import Synchronization
import Testing

@testable import Web

/// Everything that was logged, as a terminal would show it.
final class KeptLog: Sendable {
    private let kept = Mutex<[String]>([])
    var lines: [String] { kept.withLock { $0 } }

    var logger: Logger { Logger(label: "test") { _ in Handler(log: self) } }

    private struct Handler: LogHandler {
        let log: KeptLog
        var metadata: Logger.Metadata = [:]
        var logLevel = Logger.Level.notice
        subscript(metadataKey key: String) -> Logger.Metadata.Value? {
            get { metadata[key] }
            set { metadata[key] = newValue }
        }
        func log(
            level: Logger.Level, message: Logger.Message, metadata: Logger.Metadata?, source: String, file: String, function: String,
            line: UInt
        ) {
            let all = self.metadata.merging(metadata ?? [:]) { $1 }
            log.kept.withLock {
                $0.append("\(level) \(message) " + all.sorted { $0.key < $1.key }.map { "\($0.key)=\($0.value)" }.joined(separator: " "))
            }
        }
    }
}

/// OWASP ASVS 5.0, chapter 16: what is written down of who came, and the page of those who read it.
@Suite struct ASVS16_Journal {
    /// An auditor with a session of his own.
    private func auditor(_ town: WebTown) async throws -> WebClient {
        let token = Secret.token()
        let (posts, now) = (town.house.posts, town.clock.now)
        let record = try KeyStretching.record(of: "kept apart 7")
        try await town.database.write { tx in
            let act = Act.system("test", id: UUIDv7(high: 0x0193_0000_0000_7000, low: 0x8000_0000_0000_0077), at: now - .days(1))
            let person = Person(id: PersonID(act.derived("auditor")), name: "鉴秋明")
            let role = try #require(town.house.catalog.roles.first { $0.reaches(VerbGroup.audit.rawValue).contains(.all) })
            try posts.addUser(
                NewUser(person: person, accountName: "auditor", passwordRecord: record, role: role.id), act: act, in: tx)
            try tx.run(
                """
                INSERT INTO session (digest, person_id, csrf, made_at, seen_at, until, strong)
                VALUES (\(Secret.digest(token)), \(person.id), 'csrf', \(now), \(now), \(now + .days(7)), \(true))
                ON CONFLICT (digest) DO NOTHING
                """)
        }
        let client = town.client()
        client.cookies["weiwang"] = token
        return client
    }

    @Test(
        "ASVS-16.2.1 ASVS-16.2.5 ASVS-16.3.1 ASVS-16.3.2 each sign-in and refusal is a line and an entry: who, when, where, what",
        arguments: Backend.all)
    func events(on backend: Backend) async throws {
        let log = KeptLog()
        try await withWeb(backend, logger: log.logger) { town in
            let officer = try await town.signedIn()
            let stranger = town.client()
            let csrf = try await stranger.get(Paths.signIn).input("csrf") ?? ""
            _ = try await stranger.post(Paths.signIn, [("csrf", csrf), ("name", "officer"), ("password", "my secret pass")])
            _ = try await stranger.post(Paths.signIn, [("csrf", csrf), ("name", "13800138000"), ("password", "my secret pass")])
            #expect(try await officer.get("/admin/people").status == 403)
            #expect(try await officer.get("/api/export/matters.csv").status == 200)
            _ = try await officer.post("/sign-out", [("csrf", try await officer.get(Paths.me).input("csrf") ?? "")])
            let person = try await town.database.read { tx in try tx.first("SELECT person_id FROM account") { try $0[0] as PersonID } }
            let who = "who=\(try #require(person))"
            let lines = log.lines.filter { $0.contains("notice security") }
            for (event, count, more) in [
                ("sign_in.done", 1, who), ("sign_in.refused", 2, "why=sign_in.wrong"), ("access.refused", 1, who),
                ("access.exported", 1, who), ("sign_out", 1, who),
            ] {
                let found = lines.filter { $0.contains("event=\(event) ") }
                #expect(
                    found.count == count && found.allSatisfy { $0.contains(more) && $0.contains("from=127.0.0.1") }, "\(event): \(found)")
            }
            #expect(!log.lines.joined().contains("13800138000") && !log.lines.joined().contains("secret pass"))
            let verbs = try await town.database.read { tx in
                try tx.all("SELECT verb FROM entry WHERE verb LIKE 'acc%' AND verb <> 'account.added' ORDER BY seq") { try $0[0] as String }
            }
            #expect(verbs == ["account.signed_in", "account.sign_in_refused", "access.refused", "access.exported", "account.signed_out"])
        }
    }

    @Test("ASVS-16.4.1 ASVS-4.1.3 nobody writes a line or a field of his own into the log", arguments: Backend.all)
    func injection(on backend: Backend) async throws {
        let log = KeptLog()
        try await withWeb(backend, proxies: ["127.0.0.1"], logger: log.logger) { town in
            let client = town.client()
            let csrf = try await client.get(Paths.signIn).input("csrf") ?? ""
            for evil in ["1.2.3.4 who=admin event=sign_in.done", "[2J;x", "a=b", "１"] {
                _ = try await client.post(
                    Paths.signIn, [("csrf", csrf), ("name", "x\r\nnotice security event=fake"), ("password", "x")],
                    headers: [("X-Forwarded-For", evil)])
            }
            for text in ["a\r\nb", "\u{2028}", "x y=z", "\u{1b}[31m", "\"\\", String(repeating: "界", count: 400)] {
                let safe = LogText.safe(text)
                #expect(safe.utf8.allSatisfy { $0 > 32 && $0 < 127 && $0 != UInt8(ascii: "=") } && safe.utf8.count <= 600)
            }
            let lines = log.lines.filter { $0.contains("security") }
            #expect(lines.count == 4)
            for line in lines {
                #expect(!line.contains("\n") && !line.contains("\r") && !line.contains("\u{1b}") && !line.contains("fake"), "\(line)")
                #expect(line.matches(of: #/ who=/#).count == 1 && line.matches(of: #/event=/#).count == 1, "\(line)")
            }
        }
    }

    @Test(
        "the auditor reads who did what, by person, post, day and sort; no words, nothing personal; nobody else does",
        arguments: Backend.all)
    func page(on backend: Backend) async throws {
        try await withWeb(backend) { town in
            let key = try await town.key()
            _ = try await town.client().post(Open311Tests.base + "/requests.json", Open311Tests.fields(key))
            let officer = try await town.signedIn()
            #expect(try await officer.get(Paths.adminJournal).status == 403)
            #expect(try await officer.get("/admin/journal.csv").status == 403)
            let auditor = try await auditor(town)
            #expect(try await auditor.get("/admin").location == Paths.adminJournal)
            for path in ["/desk", "/field", "/command", "/admin/people", "/admin/grids", "/admin/units"] {
                #expect(try await auditor.get(path).status == 403, "\(path)")
            }
            let whole = try await auditor.get(Paths.adminJournal)
            #expect(
                whole.status == 200 && whole.text.contains("林晓静")
                    && whole.text.contains(town.house.wording.say("journal.did.matter.opened", .chinese, [:])))
            #expect(whole.text.contains(town.house.wording.say("journal.chain.whole", .chinese, [:])))
            #expect(!whole.text.contains("垃圾") && !whole.text.contains("138"))
            let refusals = try await auditor.get(Paths.adminJournal + "?sort=refusals")
            let refused = town.house.wording.say("journal.did.access.refused", .chinese, [:])
            #expect(
                refusals.text.contains(refused)
                    && !refusals.text.contains(town.house.wording.say("journal.did.matter.opened", .chinese, [:])))
            #expect(try await auditor.get(Paths.adminJournal + "?who=%E6%9E%97%E6%99%93%E9%9D%99&sort=refusals").text.contains(refused))
            #expect(try await !auditor.get(Paths.adminJournal + "?who=nobody").text.contains(refused))
            #expect(try await !auditor.get(Paths.adminJournal + "?from=2025-01-01&to=2025-01-02").text.contains(refused))
            for odd in [
                "from=x&to=y", "who=%00%22%3E", "before=9-9-9", "before=99999999999999999999-1", "sort=zz&post=1", "from=9999-12-31",
            ] {
                #expect(try await auditor.get(Paths.adminJournal + "?" + odd).status == 200, "\(odd)")
            }
            let file = try await auditor.get("/admin/journal.csv")
            #expect(file.status == 200 && file.header("content-type") == "text/csv; charset=utf-8")
            #expect(file.text.contains(refused) && !file.text.contains("垃圾"))
            let exported = town.house.wording.say("journal.did.access.exported", .chinese, [:])
            #expect(try await auditor.get(Paths.adminJournal + "?sort=looks").text.contains(exported))
            #expect(try await auditor.post(Paths.adminJournal, [("csrf", "csrf")]).status == 405, "read, never written")
        }
    }

    @Test("ASVS-2.4.1 whoever goes through things that are not there is answered no more, and it is written down", arguments: Backend.all)
    func enumeration(on backend: Backend) async throws {
        let log = KeptLog()
        try await withWeb(backend, logger: log.logger) { town in
            let officer = try await town.signedIn()
            var missed = 0
            func look() async throws -> Int {
                try await officer.get("/desk/matters/\(UUIDv7(at: town.clock.now))").status
            }
            for _ in 0..<150 where try await look() == 404 { missed += 1 }
            #expect(missed == 100)
            #expect(try await look() == 429 && log.lines.contains { $0.contains("event=access.enumerated") })
            #expect(try await officer.get("/desk").status == 200, "the day's work goes on")
            let noted = try await town.database.read { tx in try tx.count("SELECT COUNT(*) FROM entry WHERE verb = 'access.enumerated'") }
            #expect(noted == 1)
            town.clock.advance(.minutes(10))
            #expect(try await look() == 404)
        }
    }
}
