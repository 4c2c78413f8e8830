import Basics
import Store

/// Small fixed-width rows in memory, column by column, so that any count is one scan.
///
/// What has few different values is kept once and named by a number: paths, and the *shape* of a row, which is all of its small facts together
/// (state, class, flags). A question is asked of each path and each shape once; the scan only looks the answers up.
/// Rows lie in chunks, so a reader keeps its snapshot and a writer copies no more than the chunks it touches.
struct BoardTable<Shape: Hashable & Sendable>: Sendable {
    /// One row as it is put in.
    struct Line {
        var id: UUIDv7
        /// The matter of a part; nil for matters.
        var matter: UUIDv7?
        var pathNow: Path
        var pathThen: Path
        var shape: Shape
        /// Catalog id; empty when undecided.
        var category: String
        /// Who has it (the post of a part); nil for matters.
        var post: UUIDv7?
        var opened: Day
        /// Nil while it goes on.
        var closed: Day?
        /// The limit that runs; nil when none does.
        var due: Instant?
    }

    struct Chunk: Sendable {
        static var capacity: Int { 1 << shift }
        static var shift: Int { 16 }

        var ids: ContiguousArray<UUIDv7> = []
        /// Empty in a table of matters.
        var matters: ContiguousArray<UUIDv7> = []
        var now: ContiguousArray<UInt32> = []
        var then: ContiguousArray<UInt32> = []
        var shape: ContiguousArray<UInt32> = []
        var category: ContiguousArray<UInt16> = []
        var post: ContiguousArray<UInt32> = []
        var opened: ContiguousArray<Int32> = []
        var closed: ContiguousArray<Int32> = []
        var due: ContiguousArray<Int64> = []
        var span = BoardChunkSpan()
        var count: Int { ids.count }
    }

    private(set) var chunks: [Chunk] = []
    private(set) var paths = Interned<Path>()
    private(set) var shapes = Interned<Shape>()
    private(set) var categories = Interned<String>()
    private(set) var posts = Interned<UUIDv7?>()
    private var index = RowIndex()

    var count: Int { index.count }

    /// An empty table with room for so many rows.
    init(room: Int = 0) { index = RowIndex(room: room) }

    /// A table as it was kept. - Throws: `BoardFileDamage` when an id is there twice.
    init(chunks: [Chunk], paths: Interned<Path>, shapes: Interned<Shape>, categories: Interned<String>, posts: Interned<UUIDv7?>) throws {
        (self.chunks, self.paths, self.shapes, self.categories, self.posts) = (chunks, paths, shapes, categories, posts)
        index = RowIndex(room: chunks.reduce(0) { $0 + $1.count })
        for (c, chunk) in chunks.enumerated() {
            for (i, id) in chunk.ids.enumerated() {
                guard index.add(UInt32(c << Chunk.shift + i), of: id, { Self.id($0, in: chunks) }) else { throw BoardFileDamage() }
            }
        }
    }

    private func row(of id: UUIDv7) -> (chunk: Int, row: Int)? {
        index.row(of: id) { [chunks] in Self.id($0, in: chunks) }.map { (Int($0) >> Chunk.shift, Int($0) & (Chunk.capacity - 1)) }
    }

    private static func id(_ row: UInt32, in chunks: [Chunk]) -> UUIDv7 {
        chunks[Int(row) >> Chunk.shift].ids[Int(row) & (Chunk.capacity - 1)]
    }

    /// Adds the row of an id, or puts it in the place of the one there.
    mutating func put(_ line: Line) {
        let now = paths.number(of: line.pathNow)
        let then = line.pathThen == line.pathNow ? now : paths.number(of: line.pathThen)
        let shape = shapes.number(of: line.shape)
        let category = UInt16(truncatingIfNeeded: categories.number(of: line.category))
        let post = posts.number(of: line.post)
        let closed = line.closed?.epoch ?? .max
        let due = line.due?.milliseconds ?? .max
        if let (c, i) = row(of: line.id) {
            chunks[c].span.add(opened: line.opened.epoch, closed: closed, shape: shape)
            chunks[c].now[i] = now
            chunks[c].then[i] = then
            chunks[c].shape[i] = shape
            chunks[c].category[i] = category
            chunks[c].post[i] = post
            chunks[c].opened[i] = line.opened.epoch
            chunks[c].closed[i] = closed
            chunks[c].due[i] = due
            return
        }
        if chunks.last.map({ $0.count == Chunk.capacity }) ?? true { chunks.append(Chunk()) }
        let last = chunks.count - 1
        _ = index.add(UInt32(last << Chunk.shift + chunks[last].count), of: line.id) { [chunks] in Self.id($0, in: chunks) }
        chunks[last].ids.append(line.id)
        if let matter = line.matter { chunks[last].matters.append(matter) }
        chunks[last].now.append(now)
        chunks[last].then.append(then)
        chunks[last].shape.append(shape)
        chunks[last].category.append(category)
        chunks[last].post.append(post)
        chunks[last].opened.append(line.opened.epoch)
        chunks[last].closed.append(closed)
        chunks[last].due.append(due)
        chunks[last].span.add(opened: line.opened.epoch, closed: closed, shape: shape)
    }

    /// Gives what was opened after a day a shape that nothing counts.
    mutating func hide(after day: Day, _ shape: Shape) {
        let hidden = shapes.number(of: shape)
        for c in chunks.indices where chunks[c].opened.contains(where: { $0 > day.epoch }) {
            chunks[c].span.add(shape: hidden)
            for i in 0..<chunks[c].count where chunks[c].opened[i] > day.epoch { chunks[c].shape[i] = hidden }
        }
    }

    func holds(_ id: UUIDv7) -> Bool { row(of: id) != nil }
}
