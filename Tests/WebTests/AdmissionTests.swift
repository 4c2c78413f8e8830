import Basics
import Foundation
import Store
import Support
import Synchronization
import Testing

@testable import Web

@Suite struct AdmissionTests {
    /// Work that lasts until it is let go.
    private final class Gate: Sendable {
        private let state = Mutex((open: false, waiting: [CheckedContinuation<Void, Never>]()))
        func wait() async {
            await withCheckedContinuation { continuation in
                let isOpen = state.withLock { state in
                    if !state.open { state.waiting.append(continuation) }
                    return state.open
                }
                if isOpen { continuation.resume() }
            }
        }
        func open() {
            for waiting in state.withLock({ state in
                state.open = true
                return state.waiting
            }) { waiting.resume() }
        }
    }

    @Test("beyond the places some wait, and the staff go first")
    func places() async throws {
        let admission = Admission(atOnce: 4, keptForStaff: 1)
        let gate = Gate()
        let done = Mutex<[Admission.Lane]>([])
        let begun = Mutex(0)
        let work: @Sendable (Admission.Lane) async throws -> Void = { lane in
            try await admission.work(lane) {
                begun.withLock { $0 += 1 }
                await gate.wait()
                done.withLock { $0.append(lane) }
            }
        }
        // Three work, nine wait; one of the staff finds the fourth place, the other is the first of those that wait.
        let everybody = (0..<12).map { _ in Task { try await work(.everybody) } }
        for _ in 0..<500 where begun.withLock({ $0 < 3 }) { try await Task.sleep(for: .milliseconds(2)) }
        let staff = (0..<2).map { _ in Task { try await work(.staff) } }
        for _ in 0..<500 where begun.withLock({ $0 < 4 }) { try await Task.sleep(for: .milliseconds(2)) }
        try await Task.sleep(for: .milliseconds(50))
        #expect(begun.withLock { $0 } == 4)
        gate.open()
        for task in everybody + staff { try await task.value }
        #expect(done.withLock { $0.count } == 14 && done.withLock { $0.prefix(9).filter { $0 == .staff }.count } == 2)
    }

    @Test("a full house answers 503 at once, with a sentence and when to come back; the staff still come in")
    func door() async throws {
        try await withWeb(.sqlite) { town in
            let admission = town.house.admission
            let officer = try await town.signedIn()
            #expect(try await officer.get("/me").status == 200)
            for _ in 0..<320 { admission.enter(.everybody) }
            for (path, language) in [("/", "zh"), ("/open311/v2/services.json", "en"), ("/api/v1/matters", "en"), ("/report", "en")] {
                let client = town.client()
                client.headers = [("Accept-Language", language)]
                let answer = try await client.get(path)
                #expect(answer.status == 503 && answer.header("Retry-After") != nil, "\(path): \(answer.status)")
                #expect(answer.text.contains(language == "zh" ? "用的人太多" : "Too many people"), "\(path): \(answer.text)")
                #expect(answer.header("Content-Security-Policy")?.contains("default-src 'none'") == true)
            }
            let form = [("id", String(repeating: "x", count: 100_000))]
            #expect(try await town.client().post("/report", form).status == 503)
            #expect(try await town.client().get("/health").status == 200)
            #expect(try await officer.get("/me").status == 200)
            for _ in 0..<320 { admission.leave(.everybody) }
            // Everybody who came has left, however the answer was.
            for path in ["/", "/nowhere", "/sign-in"] { _ = try await town.client().get(path) }
            _ = try await town.client().post("/report", form)
            for _ in 0..<319 { admission.enter(.everybody) }
            #expect(admission.hasRoom(.everybody))
            #expect(try await town.client().get("/").status == 200)
            admission.enter(.everybody)
            #expect(!admission.hasRoom(.everybody))
        }
    }
}
