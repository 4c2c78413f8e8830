import NIOCore
import NIOHTTP1
import NIOPosix

extension WebClient {
    /// Opens the stream of events and hands its text out piece by piece.
    package func listen(headers: [(String, String)] = []) -> AsyncThrowingStream<String, any Error> {
        let cookies = self.cookies.map { "\($0.key)=\($0.value)" }.joined(separator: "; ")
        return AsyncThrowingStream { [port] continuation in
            let task = Task {
                let channel = try await ClientBootstrap(group: MultiThreadedEventLoopGroup.singleton).connect(host: "127.0.0.1", port: port)
                { channel in
                    channel.eventLoop.makeCompletedFuture {
                        try channel.pipeline.syncOperations.addHTTPClientHandlers()
                        return try NIOAsyncChannel<HTTPClientResponsePart, HTTPClientRequestPart>(wrappingChannelSynchronously: channel)
                    }
                }
                try await channel.executeThenClose { inbound, outbound in
                    var head = HTTPRequestHead(version: .http1_1, method: .GET, uri: "/live")
                    head.headers.add(name: "Host", value: "localhost")
                    head.headers.add(name: "Cookie", value: cookies)
                    for (name, value) in headers { head.headers.add(name: name, value: value) }
                    try await outbound.write(.head(head))
                    try await outbound.write(.end(nil))
                    for try await part in inbound {
                        switch part {
                        case .head(let head): continuation.yield("status \(head.status.code)\n")
                        case .body(let buffer): continuation.yield(String(buffer: buffer))
                        case .end: return continuation.finish()
                        }
                    }
                    continuation.finish()
                }
            }
            continuation.onTermination = { _ in task.cancel() }
        }
    }
}
