import Basics
import Delivery
import Foundation
import Matters
import Posts
import Store
import Support
import Testing

@testable import weiwang

/// The server's clock is set back an hour or forward a day: nothing happens twice, nothing sticks, nobody comes back to life.
@Suite struct ClockJumps {
    private func jump(_ town: Town, _ span: Span) { town.clock.set(town.clock.time.now + span) }

    private func status(_ browser: WebClient, _ path: String) async throws -> Int { try await browser.get(path).status }

    @Test("a session that ended by the clock stays ended when the clock goes back", arguments: Backend.all)
    func sessions(on backend: Backend) async throws {
        try await inTown(backend) { town in
            let (officer, worker) = (try await town.browser("何雨"), try await town.browser("周禾"))
            #expect(try await status(officer, "/desk") == 200)
            jump(town, .days(1))
            #expect(try await status(officer, "/desk") != 200)
            jump(town, -.days(1))
            #expect(try await status(officer, "/desk") != 200)
            // Who did not ask meanwhile has lost nothing; being used by a clock that ran ahead is no longer life.
            #expect(try await status(worker, "/field") == 200)
            jump(town, .hours(11))
            #expect(try await status(worker, "/field") == 200)
            jump(town, -.hours(11))
            #expect(try await status(worker, "/field") == 200)
            jump(town, Session.idle + .seconds(1))
            #expect(try await status(worker, "/field") != 200)
        }
    }

    @Test("timers ring once, and go on ringing after the clock was set back", arguments: Backend.all)
    func timers(on backend: Backend) async throws {
        final class Bell: RingsOnTime {
            let timerSort = "jump"
            func ring(_ timer: DueTimer, at now: Instant, in tx: Transaction) throws {
                try tx.record(
                    Entry(
                        id: timer.id, at: now, actor: .system("bell"), subject: "jump", subjectID: timer.subject, verb: "jump.rung",
                        path: .root))
            }
        }
        try await withDatabase(backend) { database in
            database.rehearseWrites(false)
            let clock = FrozenClock(Town.morning)
            let subject = UUIDv7(at: Town.morning)
            func rung() async throws -> Int {
                try await database.read { try $0.count("SELECT COUNT(*) FROM entry WHERE subject_id = \(subject)") }
            }
            func set(_ count: Int, at due: Instant) async throws {
                try await database.write { tx in
                    for number in 0..<count {
                        try tx.schedule(DueTimer(id: subject.derived("\(due) \(number)"), at: due, sort: "jump.x", subject: subject))
                    }
                }
            }
            /// Another process each time, as after a restart: it holds no lease.
            func look(until wanted: Int) async throws {
                let loop = TimerLoop(database: database, bells: [Bell()], time: clock.time, pollEvery: .milliseconds(10))
                let running = Task { try await loop.run() }
                for _ in 0..<300 where try await rung() < wanted { try await Task.sleep(for: .milliseconds(10)) }
                try await Task.sleep(for: .milliseconds(50))
                running.cancel()
                _ = try? await running.value
            }
            try await set(3, at: Town.morning + .hours(2))
            try await set(3, at: Town.morning + .hours(30))
            clock.set(Town.morning + .days(1))
            try await look(until: 3)
            #expect(try await rung() == 3)
            clock.set(Town.morning)
            try await set(2, at: Town.morning - .minutes(1))
            try await look(until: 5)
            #expect(try await rung() == 5, "a lease of the clock that ran ahead holds nobody up, and nothing rings again")
            clock.set(Town.morning + .hours(31))
            try await look(until: 8)
            #expect(try await rung() == 8)
        }
    }

    @Test("followers go on when the clock was set back", arguments: Backend.all)
    func leases(on backend: Backend) async throws {
        try await withDatabase(backend) { database in
            database.rehearseWrites(false)
            let noon = Town.morning
            let tries = [("a", noon + .days(1)), ("b", noon), ("c", noon + .seconds(3)), ("c", noon + .seconds(6))]
            var taken: [Bool] = []
            for (holder, now) in tries { taken.append(try await database.write { try $0.takeLease("f", holder: holder, now: now) }) }
            #expect(taken == [true, true, false, true])
        }
    }

    @Test("a report after the clock was set back sorts behind the one before it, also after a restart", arguments: Backend.all)
    func order(on backend: Backend) async throws {
        try await Turnstile.shared.pass {
            let scratch = try await ScratchPlace(backend)
            // Ahead of all other clocks of this process: identifiers go by the latest of them.
            let clock = FrozenClock(.systemNow + .days(40 * 366))
            var ids: [UUIDv7] = []
            let home = URL(fileURLWithPath: #filePath).deletingLastPathComponent().deletingLastPathComponent().deletingLastPathComponent()
                .path
            for back in [Span.zero, .hours(1), .hours(1)] {
                clock.set(clock.time.now - back)
                let engines = try await Engines.open(scratch.place, home: home, time: clock.time, logger: .quiet)
                for _ in 0..<3 {
                    let (id, now) = (UUIDv7(at: clock.time.now), clock.time.now)
                    try await engines.database.write { tx in
                        _ = try tx.record(
                            Entry(id: id, at: now, actor: .system("test"), subject: "thing", subjectID: id, verb: "thing.done", path: .root)
                        )
                    }
                    ids.append(id)
                }
                await engines.database.close()
            }
            #expect(ids == ids.sorted())
        }
    }

    @Test("pages of what happened by a clock that ran ahead open, and say no time below zero", arguments: Backend.all)
    func pages(on backend: Backend) async throws {
        try await inTown(backend) { town in
            let officer = try await town.browser("何雨")
            let opened = try await town.report("井盖破损", at: Town.micro)
            jump(town, -.hours(1))
            try await town.settle()
            for path in ["/desk", "/desk/matters/\(opened.matter.id)", try await town.link(of: opened.report)] {
                let page = try await officer.get(path)
                #expect(page.status == 200, "\(path)")
                #expect(page.text.firstMatch(of: #/[ >]-\d+ (分|小时|天)/#) == nil, "\(path)")
            }
        }
    }
}
