import Basics
import Synchronization
import Testing

@Suite struct PlacesTests {
    @Test("never more than there are places, and everybody has his turn")
    func turns() async throws {
        let places = Places(3)
        let now = Mutex((inside: 0, most: 0, all: 0))
        await withTaskGroup(of: Void.self) { group in
            for _ in 0..<50 {
                group.addTask {
                    await places.enter()
                    now.withLock { now in
                        now.inside += 1
                        now.all += 1
                        now.most = max(now.most, now.inside)
                    }
                    try? await Task.sleep(for: .milliseconds(2))
                    now.withLock { $0.inside -= 1 }
                    places.leave()
                }
            }
        }
        #expect(now.withLock { $0 == (0, 3, 50) })
    }
}
