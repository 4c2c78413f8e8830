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
        /// The matter's id; of a part, its matter's.
        var matter: UUIDv7
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

        /// Of matters, and the row of the latest part of each (`none` without any); empty in a table of parts.
        var ids: ContiguousArray<UUIDv7> = []
        var lastPart: ContiguousArray<UInt32> = []
        /// Of parts: the row of the matter, and of the part of the same matter before it; empty in a table of matters.
        var matter: ContiguousArray<UInt32> = []
        var partBefore: ContiguousArray<UInt32> = []
        var now: ContiguousArray<UInt32> = []
        var then: ContiguousArray<UInt32> = []
        var shape: ContiguousArray<UInt32> = []
        var category: ContiguousArray<UInt16> = []
        var post: ContiguousArray<UInt32> = []
        var opened: ContiguousArray<Int32> = []
        var closed: ContiguousArray<Int32> = []
        var due: ContiguousArray<Int64> = []
        var span = BoardChunkSpan()
        var count: Int { shape.count }
    }

    /// Where there is no row.
    static var none: UInt32 { .max }

    var chunks: [Chunk] = []
    private(set) var paths = PathTree()
    private(set) var shapes = Interned<Shape>()
    private(set) var categories = Interned<String>()
    private(set) var posts = Interned<UUIDv7?>()
    /// Of matters.
    var index: RowIndex

    var count: Int { (max(1, chunks.count) - 1) << Chunk.shift + (chunks.last?.count ?? 0) }

    /// An empty table with room for so many matters.
    init(room: Int = 0) { index = RowIndex(room: room) }

    /// A table as it was kept.
    init(chunks: [Chunk], paths: PathTree, shapes: Interned<Shape>, categories: Interned<String>, posts: Interned<UUIDv7?>) {
        (self.chunks, self.paths, self.shapes, self.categories, self.posts) = (chunks, paths, shapes, categories, posts)
        index = RowIndex()
    }

    static func place(_ row: UInt32) -> (chunk: Int, row: Int) { (Int(row) >> Chunk.shift, Int(row) & (Chunk.capacity - 1)) }

    /// Adds a row at the end. Whose it is, is for the caller to add.
    /// - Returns: its number.
    mutating func append(_ line: Line) -> UInt32 {
        if chunks.last.map({ $0.count == Chunk.capacity }) ?? true { chunks.append(Chunk()) }
        let last = chunks.count - 1
        let row = UInt32(last << Chunk.shift + chunks[last].count)
        chunks[last].now.append(0)
        chunks[last].then.append(0)
        chunks[last].shape.append(0)
        chunks[last].category.append(0)
        chunks[last].post.append(0)
        chunks[last].opened.append(0)
        chunks[last].closed.append(0)
        chunks[last].due.append(0)
        set(line, at: row)
        return row
    }

    /// Puts what a line says into a row that is there.
    mutating func set(_ line: Line, at row: UInt32) {
        let now = paths.number(of: line.pathNow)
        let shape = shapes.number(of: line.shape)
        let closed = line.closed?.epoch ?? .max
        let (c, i) = Self.place(row)
        chunks[c].now[i] = now
        chunks[c].then[i] = line.pathThen == line.pathNow ? now : paths.number(of: line.pathThen)
        chunks[c].shape[i] = shape
        chunks[c].category[i] = UInt16(truncatingIfNeeded: categories.number(of: line.category))
        chunks[c].post[i] = posts.number(of: line.post)
        chunks[c].opened[i] = line.opened.epoch
        chunks[c].closed[i] = closed
        chunks[c].due[i] = line.due?.milliseconds ?? .max
        chunks[c].span.add(opened: line.opened.epoch, closed: closed, shape: shape)
    }

    /// Gives what was opened after a day a shape that nothing counts.
    mutating func hide(after day: Day, _ shape: Shape) {
        let hidden = shapes.number(of: shape)
        for c in chunks.indices where chunks[c].opened.contains(where: { $0 > day.epoch }) {
            chunks[c].span.add(shape: hidden)
            for i in 0..<chunks[c].count where chunks[c].opened[i] > day.epoch { chunks[c].shape[i] = hidden }
        }
    }
}
