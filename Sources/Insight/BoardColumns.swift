import Basics
import Foundation
import Store

// How the tables of the board lie in its file: what they know by name in its head, then column after column.

struct BoardFileDamage: Error {}

/// What a table knows besides its columns.
struct BoardContents<Shape: Codable & Sendable>: Codable {
    let count: Int
    let paths: [Path]
    let shapes: [Shape]
    let categories: [String]
    /// Nil: none.
    let posts: [String?]
}

/// Piece by piece, so that a large file is never in memory twice.
struct BoardFileReader {
    private(set) var head = BoardFile.Head.none
    private let handle: FileHandle
    private var digest = RunningDigest()

    /// Reads the head and stands at the first column. - Throws: `BoardFileDamage`, or what the file system says.
    init(_ path: String, magic: [UInt8]) throws {
        handle = try FileHandle(forReadingFrom: URL(fileURLWithPath: path))
        let whole = try handle.seekToEnd()
        try handle.seek(toOffset: 0)
        guard try Array(bytes(magic.count)) == magic else { throw BoardFileDamage() }
        let length: UInt64 = try take(1)[0]
        guard length < whole else { throw BoardFileDamage() }
        head = try JSONDecoder().decode(BoardFile.Head.self, from: bytes(Int(length)))
    }

    mutating func take<T: BitwiseCopyable>(_ count: Int) throws -> ContiguousArray<T> {
        let data = try bytes(count * MemoryLayout<T>.stride)
        return ContiguousArray(unsafeUninitializedCapacity: count) { room, taken in
            _ = data.copyBytes(to: UnsafeMutableRawBufferPointer(room))
            taken = count
        }
    }

    private mutating func bytes(_ count: Int) throws -> Data {
        guard count > 0 else { return Data() }
        guard let data = try handle.read(upToCount: count), data.count == count else { throw BoardFileDamage() }
        digest.take(data)
        return data
    }

    /// - Throws: `BoardFileDamage` when what was read is not what was written, or not all.
    func close() throws {
        let written = try handle.readToEnd() ?? Data()
        guard Array(written) == digest.value else { throw BoardFileDamage() }
        try handle.close()
    }
}

struct BoardFileWriter {
    private let handle: FileHandle
    private var digest = RunningDigest()

    init(_ path: String) throws {
        guard FileManager.default.createFile(atPath: path, contents: nil) else { throw CocoaError(.fileWriteUnknown) }
        handle = try FileHandle(forWritingTo: URL(fileURLWithPath: path))
    }

    mutating func put(_ data: Data) throws {
        digest.take(data)
        try handle.write(contentsOf: data)
    }

    func close() throws {
        try handle.write(contentsOf: Data(digest.value))
        try handle.close()
    }
}

extension BoardTable where Shape: Codable {
    var contents: BoardContents<Shape> {
        BoardContents(
            count: count, paths: paths.values, shapes: shapes.values, categories: categories.values,
            posts: posts.values.map { $0?.description })
    }

    func columns(_ write: (Data) throws -> Void) rethrows {
        func column<T: BitwiseCopyable>(_ values: ContiguousArray<T>) throws { try write(values.withUnsafeBytes { Data($0) }) }
        for chunk in chunks {
            try column(chunk.ids)
            try column(chunk.lastPart)
            try column(chunk.matter)
            try column(chunk.partBefore)
            try column(chunk.now)
            try column(chunk.then)
            try column(chunk.shape)
            try column(chunk.category)
            try column(chunk.post)
            try column(chunk.opened)
            try column(chunk.closed)
            try column(chunk.due)
        }
    }

    /// - Parameter own: reads the columns of whose the rows are, so many.
    /// - Throws: `BoardFileDamage` when the columns end too soon or name what the contents lack.
    init(
        _ contents: BoardContents<Shape>, from file: inout BoardFileReader, own: (inout BoardFileReader, inout Chunk, Int) throws -> Void
    ) throws {
        let posts = try contents.posts.map { text in
            guard let text else { return UUIDv7?.none }
            guard let id = UUIDv7(text) else { throw BoardFileDamage() }
            return id
        }
        guard let paths = PathTree(contents.paths) else { throw BoardFileDamage() }
        var chunks: [Chunk] = []
        while chunks.count * Chunk.capacity < contents.count {
            let count = min(Chunk.capacity, contents.count - chunks.count * Chunk.capacity)
            var chunk = Chunk()
            try own(&file, &chunk, count)
            chunk.now = try file.take(count)
            chunk.then = try file.take(count)
            chunk.shape = try file.take(count)
            chunk.category = try file.take(count)
            chunk.post = try file.take(count)
            chunk.opened = try file.take(count)
            chunk.closed = try file.take(count)
            chunk.due = try file.take(count)
            guard max(chunk.now.max() ?? 0, chunk.then.max() ?? 0) < contents.paths.count, chunk.post.max() ?? 0 < posts.count,
                chunk.shape.max() ?? 0 < contents.shapes.count, chunk.category.max() ?? 0 < contents.categories.count
            else { throw BoardFileDamage() }
            for i in 0..<count { chunk.span.add(opened: chunk.opened[i], closed: chunk.closed[i], shape: chunk.shape[i]) }
            chunks.append(chunk)
        }
        self.init(
            chunks: chunks, paths: paths, shapes: Interned(contents.shapes),
            categories: Interned(contents.categories), posts: Interned(posts))
    }
}
