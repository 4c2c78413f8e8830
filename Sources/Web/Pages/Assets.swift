import Basics
import Crypto
import Foundation
import HTTPTypes
import Hummingbird
import HummingbirdCore
import NIOCore

/// Style sheets, modules and pictures of our own, read once at start. Their address carries a digest of all of them, so that it may be
/// kept for ever and modules may import each other by relative paths.
package struct Assets: Sendable {
    struct Asset: Sendable {
        let bytes: [UInt8]
        let type: String
        let tag: String
    }

    private var assets: [String: Asset]
    let version: String
    private let prefix: String

    /// - Parameters:
    ///   - folder: absent, it has nothing.
    ///   - prefix: where its addresses begin.
    package init(folder: String, at prefix: String = "/assets") throws {
        self.prefix = prefix
        var assets: [String: Asset] = [:]
        var whole = SHA256()
        let root = URL(fileURLWithPath: folder, isDirectory: true)
        for path in (FileManager.default.enumerator(atPath: folder)?.compactMap { $0 as? String } ?? []).sorted() {
            guard let type = Self.types[(path as NSString).pathExtension] else { continue }
            let data = try Data(contentsOf: root.appendingPathComponent(path))
            let digest = SHA256.hash(data: data)
            whole.update(data: Data(path.utf8))
            whole.update(data: data)
            assets[path] = Asset(bytes: Array(data), type: type, tag: "\"\(Secret.hex(Array(digest).prefix(8)))\"")
        }
        self.assets = assets
        version = Secret.hex(Array(whole.finalize()).prefix(6))
    }

    /// Base of all addresses: `/assets/1a2b3c`.
    var base: String { "\(prefix)/\(version)" }

    private static let types = [
        "css": "text/css; charset=utf-8", "js": "text/javascript; charset=utf-8", "svg": "image/svg+xml", "png": "image/png",
        "ico": "image/x-icon", "jpg": "image/jpeg", "woff2": "font/woff2", "json": "application/json",
        "webmanifest": "application/manifest+json",
    ]

    func text(_ path: String) -> String? { assets[path].map { String(decoding: $0.bytes, as: UTF8.self) } }

    /// Adds a file that was made of others.
    mutating func put(_ path: String, script text: String) {
        let bytes = Array(text.utf8)
        assets[path] = Asset(
            bytes: bytes, type: "text/javascript; charset=utf-8", tag: "\"\(Secret.hex(Array(SHA256.hash(data: bytes)).prefix(8)))\"")
    }

    /// - Parameter path: `1a2b3c/css/base.css`; another version's address gives today's file, not to be kept.
    func answer(_ path: String, _ request: Request) throws -> Response {
        let parts = path.split(separator: "/", maxSplits: 1)
        guard parts.count == 2, let asset = assets[String(parts[1])] else { throw PlainRefusal("web.not_found", sort: .missing) }
        let current = parts[0] == version
        var headers: HTTPFields = [
            .contentType: asset.type, .eTag: asset.tag,
            .cacheControl: current ? "public, max-age=31536000, immutable" : "no-cache",
        ]
        if request.headers[.ifNoneMatch] == asset.tag { return Response(status: .notModified, headers: headers) }
        headers[.contentLength] = String(asset.bytes.count)
        return Response(status: .ok, headers: headers, body: .init(byteBuffer: ByteBuffer(bytes: asset.bytes)))
    }
}
