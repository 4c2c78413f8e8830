import ArgumentParser
import Basics
import Foundation
import Geo
import Matters
import Posts
import Store
import Synchronization
import Web

/// `weiwang bench live`: from an act to the pages of a thousand people that watch, each with a scope of his own.
struct BenchLive: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "live", abstract: "Let a thousand people watch, act, and time what each of them hears.")

    @OptionGroup var town: BenchTownOptions
    @Option(help: "How many watch.") var watchers = 1000
    @Option(help: "How many matters to fill in.") var matters = 20_000
    @Option(help: "How many acts.") var acts = 100

    func validate() throws {
        guard (1...5000).contains(watchers), (1...10_000).contains(acts) else {
            throw ValidationError("--watchers is 1 to 5000, --acts 1 to 10,000.")
        }
    }

    func run() async throws {
        try await BenchTown.with(town, matters: matters) { town in
            try await BenchServer.with(town.place) { server in
                let visitors = try await watching(server)
                let heard = Mutex<[Double]>([])
                let acted = Mutex<(id: String, at: ContinuousClock.Instant)>(("", .now))
                let streams = try LiveSockets(port: server.port, requests: visitors.map { $0.get("/live") }) { text in
                    let (id, at) = acted.withLock { $0 }
                    if !id.isEmpty, text.contains(id) { heard.withLock { $0.append(at.duration(to: .now) / .milliseconds(1)) } }
                }
                for _ in 0..<600 where server.house.feed.count < visitors.count { try await Task.sleep(for: .milliseconds(50)) }
                Terminal.say("\(server.house.feed.count) streams open")
                for turn in 0..<acts {
                    try await report(server, turn) { id in acted.withLock { $0 = (id, .now) } }
                    try await Task.sleep(for: .milliseconds(200))
                }
                try await Task.sleep(for: .seconds(2))
                streams.close()
                let times = heard.withLock { $0 }.sorted()
                guard !times.isEmpty else { throw BenchFailure.noServer }
                let slow = times[Int(Double(times.count - 1) * 0.99)]
                Terminal.say(
                    String(
                        format: "%d acts, %d heard: half within %.0f ms, 99 of 100 within %.0f ms%@, all within %.0f ms", acts, times.count,
                        times[times.count / 2], slow, slow > 1000 ? " (over 1000)" : "", times[times.count - 1]))
            }
        }
    }

    /// People of the town with an account and a session each, those with the most land first.
    private func watching(_ server: BenchServer) async throws -> [BenchVisitor] {
        let (posts, now, watchers) = (server.engines.posts, server.engines.time.now, watchers)
        let password = Secret.token()
        let record = try KeyStretching.record(of: password, cost: .light)
        let names = try await server.engines.database.write { tx in
            let people = try tx.all(
                """
                SELECT h.person_id, MIN(p.path_now) AS path FROM holding h JOIN post p ON p.id = h.post_id
                WHERE h.to_at IS NULL AND NOT EXISTS (SELECT 1 FROM account a WHERE a.person_id = h.person_id)
                GROUP BY h.person_id ORDER BY LENGTH(MIN(p.path_now)), h.person_id LIMIT \(watchers)
                """
            ) { try $0["person_id"] as PersonID }
            return try people.enumerated().map { number, person in
                let name = "watcher \(number) \(now.milliseconds)"
                let act = Act.system("bench", id: person.uuid.derived("watch \(now.milliseconds)"), at: now)
                try posts.addAccount(of: person, name: name, record: record, act: act, in: tx)
                return name
            }
        }
        var visitors: [BenchVisitor] = []
        for name in names { visitors.append(try await server.visitor(BenchTown.Person(role: "", name: name, password: password))) }
        return visitors
    }

    /// A report somewhere in the town. - Parameter acts: called with the matter's id when it is sent off.
    private func report(_ server: BenchServer, _ turn: Int, _ acts: @Sendable (String) -> Void) async throws {
        let (matters, now) = (server.engines.matters, server.engines.time.now)
        let number = try await matters.nextNumber(at: now, from: server.engines.database)
        var new = NewReport(id: ReportID(at: now), number: number, channel: "bench", queryCode: "000000")
        new.words = "路灯不亮"
        new.point = Coordinate(lon: 113.60 + Double(turn * 7919 % 400) / 10_000, lat: 34.74 + Double(turn * 104_729 % 200) / 10_000)
        let (report, act) = (new, Act.system("bench", id: new.id.uuid.derived("open"), at: now))
        acts(MatterID(new.id.uuid.derived("matter")).description)
        try await server.engines.database.write { tx in _ = try matters.open(report, act: act, in: tx) }
    }
}
