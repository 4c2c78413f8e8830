import HummingbirdCore
import NIOCore

/// A body whose wrong chunks and early end are the sender's mistake, and not a failure of ours.
struct SoundBody: AsyncSequence {
    let body: RequestBody

    init(_ body: RequestBody) { self.body = body }

    struct AsyncIterator: AsyncIteratorProtocol {
        var inner: RequestBody.AsyncIterator

        mutating func next() async throws -> ByteBuffer? {
            do {
                return try await inner.next()
            } catch is CancellationError {
                throw CancellationError()
            } catch {
                throw FormReader.unreadable
            }
        }
    }

    func makeAsyncIterator() -> AsyncIterator { AsyncIterator(inner: body.makeAsyncIterator()) }
}
