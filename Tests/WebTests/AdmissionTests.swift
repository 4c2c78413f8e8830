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

    @Test("beyond the places some wait, the rest hear at once; the staff still find a place")
    func lanes() async throws {
        let admission = Admission(atOnce: 4, keptForStaff: 1, mayWait: 2)
        let gate = Gate()
        let done = Mutex<[Admission.Lane]>([])
        let work: @Sendable (Admission.Lane) async -> Bool = { lane in
            do {
                try await admission.work(lane) { await gate.wait() }
                done.withLock { $0.append(lane) }
                return true
            } catch {
                return false
            }
        }
        // Three work, two wait.
        let first = (0..<5).map { _ in Task { await work(.everybody) } }
        for _ in 0..<500 where !admission.isCrowded(.everybody) { try await Task.sleep(for: .milliseconds(2)) }
        #expect(admission.isCrowded(.everybody) && !admission.isCrowded(.staff))
        #expect(await !work(.everybody))
        // Whoever had been let in with a body waits all the same.
        let promised = Task { try await admission.work(.everybody, promised: true) { true } }
        let staff = Task { await work(.staff) }
        try await Task.sleep(for: .milliseconds(50))
        gate.open()
        for task in first { #expect(await task.value) }
        #expect(await staff.value)
        #expect(try await promised.value)
        #expect(done.withLock { $0.count } == 6 && !admission.isCrowded(.everybody))
    }

    @Test("a full house answers 503 with a sentence and when to come back, to whoever asks; sessions are known again")
    func door() async throws {
        try await withWeb(.sqlite) { town in
            let admission = town.house.admission
            let officer = try await town.signedIn()
            #expect(try await officer.get("/me").status == 200)
            let gate = Gate()
            let crowd = (0..<(96 + 256)).map { _ in Task { try await admission.work(.everybody) { await gate.wait() } } }
            for _ in 0..<500 where !admission.isCrowded(.everybody) { try await Task.sleep(for: .milliseconds(2)) }
            for (path, language) in [("/", "zh"), ("/open311/v2/services.json", "en"), ("/api/v1/matters", "en")] {
                let client = town.client()
                client.headers = [("Accept-Language", language)]
                let answer = try await client.get(path)
                #expect(answer.status == 503 && answer.header("Retry-After") != nil, "\(path): \(answer.status)")
                #expect(answer.text.contains(language == "zh" ? "用的人太多" : "Too many people"), "\(path): \(answer.text)")
            }
            #expect(try await town.client().post("/report", [("id", "x")]).status == 503)
            #expect(try await town.client().get("/health").status == 200)
            #expect(try await officer.get("/me").status == 200)
            gate.open()
            for task in crowd { try await task.value }
            #expect(try await town.client().get("/").status == 200)
        }
    }
}
