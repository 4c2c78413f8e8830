import Foundation
import Glibc
import NIOCore
import NIOHTTP1
import NIOPosix

/// A browser without a face: cookies, forms, files. One connection a request, over the network.
package final class WebClient {
    package struct Answer: Sendable {
        package let status: Int
        package let headers: [(name: String, value: String)]
        package let body: [UInt8]
        package var text: String { String(decoding: body, as: UTF8.self) }
        /// Whether these letters stand in the body, be it text or not.
        ///
        /// NB: byte by byte; thousands of pages are looked through for what must not be there.
        package func shows(_ trace: String) -> Bool {
            let trace = Array(trace.utf8)
            guard let first = trace.first else { return true }
            return body.withUnsafeBytes { body in
                guard var at = body.baseAddress else { return false }
                let end = at + body.count
                while end - at >= trace.count, let found = memchr(at, Int32(first), end - at - trace.count + 1) {
                    if memcmp(found, trace, trace.count) == 0 { return true }
                    at = UnsafeRawPointer(found) + 1
                }
                return false
            }
        }
        package func header(_ name: String) -> String? { headers.first { $0.name.lowercased() == name.lowercased() }?.value }
        package func all(_ name: String) -> [String] { headers.filter { $0.name.lowercased() == name.lowercased() }.map(\.value) }
        package var location: String { header("location") ?? "" }
        /// The value of a hidden or other input of the page.
        package func input(_ name: String) -> String? {
            guard let regex = try? Regex("<(?:input|button)[^>]*name=\"\(NSRegularExpression.escapedPattern(for: name))\"[^>]*>"),
                let tag = text.firstMatch(of: regex)
            else { return nil }
            return String(text[tag.range]).firstMatch(of: #/value="([^"]*)"/#).map { Self.unescaped(String($0.1)) }
        }
        /// Every address a link or form of the page leads to.
        package var links: [String] { text.matches(of: #/(?:href|action)="([^"]*)"/#).map { Self.unescaped(String($0.1)) } }
        private static func unescaped(_ text: String) -> String {
            text.replacing("&quot;", with: "\"").replacing("&lt;", with: "<").replacing("&gt;", with: ">").replacing("&amp;", with: "&")
        }
    }

    let port: Int
    package var cookies: [String: String] = [:]
    /// Sent with every request.
    package var headers: [(String, String)] = []

    package init(port: Int) { self.port = port }

    package func get(_ path: String, headers: [(String, String)] = []) async throws -> Answer {
        try await send("GET", path, headers: headers, body: [])
    }

    /// Follows redirects, at most five.
    package func open(_ path: String) async throws -> Answer {
        var answer = try await get(path)
        for _ in 0..<5 where (300..<400).contains(answer.status) { answer = try await get(answer.location) }
        return answer
    }

    package func post(_ path: String, _ fields: [(String, String)], headers: [(String, String)] = []) async throws -> Answer {
        let body = fields.map { "\(Self.encoded($0.0))=\(Self.encoded($0.1))" }.joined(separator: "&")
        return try await send(
            "POST", path, headers: [("Content-Type", "application/x-www-form-urlencoded")] + headers, body: Array(body.utf8))
    }

    package func postJSON(_ path: String, _ json: String, headers: [(String, String)] = []) async throws -> Answer {
        try await send("POST", path, headers: [("Content-Type", "application/json")] + headers, body: Array(json.utf8))
    }

    package func upload(
        _ path: String, _ fields: [(String, String)], files: [(field: String, name: String, type: String, bytes: [UInt8])],
        headers: [(String, String)] = []
    ) async throws -> Answer {
        let boundary = "----weiwang\(UInt64.random(in: 0 ... .max))"
        var body: [UInt8] = []
        for field in fields {
            body += Array("--\(boundary)\r\nContent-Disposition: form-data; name=\"\(field.0)\"\r\n\r\n\(field.1)\r\n".utf8)
        }
        for file in files {
            body += Array(
                "--\(boundary)\r\nContent-Disposition: form-data; name=\"\(file.field)\"; filename=\"\(file.name)\"\r\nContent-Type: \(file.type)\r\n\r\n"
                    .utf8)
            body += file.bytes + [13, 10]
        }
        body += Array("--\(boundary)--\r\n".utf8)
        return try await send("POST", path, headers: headers + [("Content-Type", "multipart/form-data; boundary=\(boundary)")], body: body)
    }

    package func send(_ method: String, _ path: String, headers: [(String, String)] = [], body: [UInt8]) async throws -> Answer {
        var head = HTTPRequestHead(version: .http1_1, method: HTTPMethod(rawValue: method), uri: path)
        head.headers.add(name: "Host", value: "localhost:\(port)")
        head.headers.add(name: "Connection", value: "close")
        if !body.isEmpty || method == "POST" { head.headers.add(name: "Content-Length", value: "\(body.count)") }
        if !cookies.isEmpty {
            head.headers.add(
                name: "Cookie", value: cookies.sorted { $0.key < $1.key }.map { "\($0.key)=\($0.value)" }.joined(separator: "; "))
        }
        for (name, value) in self.headers + headers { head.headers.add(name: name, value: value) }
        let answer = try await Self.exchange(head, body, port: port)
        for cookie in answer.all("set-cookie") {
            let pair = cookie.prefix { $0 != ";" }.split(separator: "=", maxSplits: 1)
            guard let name = pair.first.map(String.init) else { continue }
            cookies[name] = cookie.contains("Max-Age=0") ? nil : pair.count > 1 ? String(pair[1]) : nil
        }
        return answer
    }

    private static func exchange(_ head: HTTPRequestHead, _ body: [UInt8], port: Int) async throws -> Answer {
        // NB: an address, not a name: looking one up is a tenth of a request.
        let address = try SocketAddress(ipAddress: "127.0.0.1", port: port)
        let channel = try await ClientBootstrap(group: MultiThreadedEventLoopGroup.singleton).connect(to: address) { channel in
            channel.eventLoop.makeCompletedFuture {
                try channel.pipeline.syncOperations.addHTTPClientHandlers()
                return try NIOAsyncChannel<HTTPClientResponsePart, HTTPClientRequestPart>(wrappingChannelSynchronously: channel)
            }
        }
        return try await channel.executeThenClose { inbound, outbound in
            try await outbound.write(.head(head))
            // A server that has seen enough may answer before the body is over.
            if !body.isEmpty { try? await outbound.write(.body(.byteBuffer(ByteBuffer(bytes: body)))) }
            try? await outbound.write(.end(nil))
            var status = 0
            var headers: [(String, String)] = []
            var bytes: [UInt8] = []
            for try await part in inbound {
                switch part {
                case .head(let head):
                    status = Int(head.status.code)
                    headers = head.headers.map { ($0.name, $0.value) }
                case .body(let buffer): bytes += Array(buffer.readableBytesView)
                case .end: return Answer(status: status, headers: headers, body: bytes)
                }
            }
            return Answer(status: status, headers: headers, body: bytes)
        }
    }

    private static func encoded(_ text: String) -> String {
        text.addingPercentEncoding(
            withAllowedCharacters: CharacterSet.alphanumerics.subtracting(CharacterSet(charactersIn: "\u{80}"..."\u{10FFFF}"))) ?? ""
    }
}
