import Basics
import Foundation
import HTTPTypes
import Hummingbird
import HummingbirdCore
import NIOCore

/// What a browser sent: fields by name, and files that lie in a scratch folder until the request is over.
package struct Form: Sendable {
    package struct File: Sendable {
        package let field: String
        /// As claimed by the sender; never trusted.
        package let type: String
        package let path: String
        package let bytes: Int
        /// It weighed more than allowed; what was read of it is gone.
        package let tooLarge: Bool
    }

    package private(set) var fields: [String: [String]] = [:]
    package private(set) var files: [File] = []
    private let asked = AskedNames.current

    package init(_ pairs: [(name: String, value: String)] = []) {
        for pair in pairs { add(pair.name, pair.value) }
    }

    /// The first value, without spaces around it; empty when the field is missing.
    package subscript(name: String) -> String { all(name).first?.trimmingSpaces ?? "" }
    package func all(_ name: String) -> [String] {
        asked?.note(name)
        return fields[name] ?? []
    }
    package func has(_ name: String) -> Bool {
        asked?.note(name, isPresence: true)
        return fields[name] != nil
    }
    package func files(_ name: String) -> [File] { files.filter { $0.field == name && $0.bytes > 0 && !$0.tooLarge } }
    package var hasTooLarge: Bool { files.contains(where: \.tooLarge) }

    /// The decimal number in a field, if it is one and finite.
    package func number(_ name: String) -> Double? {
        let text = self[name]
        // NB: Double() also reads hexadecimal.
        guard text.utf8.allSatisfy({ (48...57).contains($0) || "+-.eE".utf8.contains($0) }) else { return nil }
        return Double(text).flatMap { $0.isFinite ? $0 : nil }
    }

    /// Without NUL, which no database takes.
    mutating func add(_ name: String, _ value: String) {
        let sound = value.utf8.contains(0) ? String(String.UnicodeScalarView(value.unicodeScalars.filter { $0.value != 0 })) : value
        fields[name, default: []].append(sound)
    }
    mutating func add(_ file: File) { files.append(file) }
    mutating func removeFiles() { files = [] }
}

/// How much a body may weigh.
package struct BodyLimits: Sendable {
    var fields = 1 << 20
    var file = 25 << 20
    var files = 6
    /// The whole body; beyond it nothing is read any more.
    var total = 120 << 20
    package static let fieldsOnly = BodyLimits(file: 0, files: 0, total: 2 << 20)
    package static let photos = BodyLimits()
}

/// Reads a request's body as a form of any of the three content types; the scratch files are the caller's to remove.
struct FormReader {
    let scratch: String
    let limits: BodyLimits

    static let tooLarge = PlainRefusal("web.too_large", sort: .tooLarge)
    static let unreadable = PlainRefusal("web.unreadable")
    static let wrongType = PlainRefusal("web.wrong_type")

    func read(_ request: Request) async throws -> Form {
        let type = request.headers[.contentType] ?? ""
        let announced = request.headers[.contentLength].flatMap { Int($0) } ?? 0
        guard announced <= limits.total else { throw Self.tooLarge }
        // What is packed could weigh anything once it is opened.
        let packing = request.headers[.contentEncoding]?.lowercased() ?? "identity"
        guard packing == "identity" else { throw Self.wrongType }
        switch HeaderValue(type).value {
        case "multipart/form-data": return try await multipart(request, type)
        case "application/json": return try json(try await bytes(request))
        // Some simple clients do not say what they send.
        case "application/x-www-form-urlencoded", "":
            return Form(URLEncoded.pairs(String(decoding: try await bytes(request), as: UTF8.self)))
        default: throw Self.wrongType
        }
    }

    private func bytes(_ request: Request) async throws -> [UInt8] {
        var all: [UInt8] = []
        for try await buffer in SoundBody(request.body) {
            all.append(contentsOf: buffer.readableBytesView)
            guard all.count <= limits.fields else { throw Self.tooLarge }
        }
        return all
    }

    /// A flat object of words, numbers and booleans, or lists of them; one level of objects inside is `name[key]`.
    private func json(_ bytes: [UInt8]) throws -> Form {
        guard let object = try? JSONSerialization.jsonObject(with: Data(bytes)) as? [String: Any] else { throw Self.unreadable }
        var form = Form()
        for (name, value) in object.sorted(by: { $0.key < $1.key }) {
            if let inner = value as? [String: Any] {
                for (key, value) in inner.sorted(by: { $0.key < $1.key }) { add(value, as: "\(name)[\(key)]", to: &form) }
            } else {
                add(value, as: name, to: &form)
            }
        }
        return form
    }

    private func add(_ value: Any, as name: String, to form: inout Form) {
        for item in value as? [Any] ?? [value] {
            switch item {
            case let text as String: form.add(name, text)
            case let number as NSNumber: form.add(name, "\(number)")
            default: break
            }
        }
    }

    private func multipart(_ request: Request, _ type: String) async throws -> Form {
        var reader: Multipart
        do { reader = try Multipart(contentType: type) } catch { throw Self.unreadable }
        var collector = FormCollector(scratch: scratch, limits: limits)
        do {
            var total = 0
            for try await buffer in SoundBody(request.body) {
                total += buffer.readableBytes
                guard total <= limits.total else { throw Self.tooLarge }
                let events: [MultipartEvent]
                do { events = try reader.feed(buffer.readableBytesView) } catch { throw Self.unreadable }
                for event in events { try collector.take(event) }
            }
            guard reader.isComplete else { throw Self.unreadable }
        } catch {
            collector.discard()
            throw error
        }
        return collector.form
    }
}

/// Gathers multipart events into a form; files go to disk as they come.
struct FormCollector {
    let scratch: String
    let limits: BodyLimits
    var form = Form()
    private var field = ""
    private var type = ""
    private var words: [UInt8]? = nil
    private var file: (path: String, handle: FileHandle, bytes: Int)?
    private var weight = 0

    init(scratch: String, limits: BodyLimits) {
        self.scratch = scratch
        self.limits = limits
    }

    mutating func take(_ event: MultipartEvent) throws {
        switch event {
        case .part(let name, let filename, let type):
            field = name
            self.type = type
            guard filename != nil else {
                words = []
                return
            }
            // An empty file input is sent as an empty file: the file is made with its first byte.
            words = nil
        case .bytes(let bytes):
            if words != nil {
                weight += bytes.count
                guard weight <= limits.fields else { throw FormReader.tooLarge }
                words?.append(contentsOf: bytes)
            } else {
                try write(bytes)
            }
        case .end:
            if let words {
                form.add(field, String(decoding: words, as: UTF8.self))
            } else if let file {
                try? file.handle.close()
                let tooLarge = file.bytes > limits.file
                if tooLarge { try? FileManager.default.removeItem(atPath: file.path) }
                form.add(Form.File(field: field, type: type, path: file.path, bytes: file.bytes, tooLarge: tooLarge))
            }
            words = nil
            file = nil
        }
    }

    private mutating func write(_ bytes: [UInt8]) throws {
        if file == nil {
            guard form.files.count < limits.files else { throw FormReader.tooLarge }
            try FileManager.default.createDirectory(atPath: scratch, withIntermediateDirectories: true)
            let path = scratch + "/" + Secret.token()
            guard FileManager.default.createFile(atPath: path, contents: nil, attributes: [.posixPermissions: 0o600]),
                let handle = FileHandle(forWritingAtPath: path)
            else { throw CocoaError(.fileWriteUnknown) }
            file = (path, handle, 0)
        }
        file?.bytes += bytes.count
        guard let file, file.bytes <= limits.file else { return }  // read over, and told at the end
        try file.handle.write(contentsOf: bytes)
    }

    /// Removes whatever was written.
    mutating func discard() {
        if let file {
            try? file.handle.close()
            try? FileManager.default.removeItem(atPath: file.path)
        }
        for file in form.files { try? FileManager.default.removeItem(atPath: file.path) }
        form.removeFiles()
        file = nil
    }
}
