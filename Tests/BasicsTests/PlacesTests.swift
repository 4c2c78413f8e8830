import Basics
import Synchronization
import Testing

/// How many are inside now, were inside at most, and came at all.
private final class Inside: Sendable {
    let count = Mutex((now: 0, most: 0, all: 0))
}

@Suite struct PlacesTests {
    @Test("never more than there are places, and everybody has his turn")
    func turns() async throws {
        let places = Places(3)
        let inside = Inside()
        await withTaskGroup(of: Void.self) { group in
            for _ in 0..<50 {
                group.addTask {
                    await places.enter()
                    inside.count.withLock { count in
                        count.now += 1
                        count.all += 1
                        count.most = max(count.most, count.now)
                    }
                    try? await Task.sleep(for: .milliseconds(2))
                    inside.count.withLock { $0.now -= 1 }
                    places.leave()
                }
            }
        }
        #expect(inside.count.withLock { $0 == (0, 3, 50) })
    }
}
