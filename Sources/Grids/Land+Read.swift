import Basics
import Catalog
import Geo
import Store

extension Land {
    static let revisionKey = "land.revision"
    static let settledKey = "land.settled"

    /// Reads all grids of all days.
    static func read(_ levels: [Level], today: @escaping @Sendable () -> Day, in tx: Transaction) throws -> Land {
        let ranks = Dictionary(levels.map { ($0.id, $0.rank) }) { first, _ in first }
        var grids: [GridID: Grid] = [:]
        try tx.each("SELECT id, code, name, level, nature, attributes, from_day, to_day FROM grid") { row in
            let level: String = try row["level"]
            let id: GridID = try row["id"]
            grids[id] = Grid(
                id: id, code: try row["code"], name: try row["name"], level: level,
                // A level that the catalog no longer has lies below all others.
                rank: level == Level.root ? 0 : ranks[level] ?? levels.count + 1, nature: try row["nature"],
                attributes: try row.json("attributes"), from: try row["from_day"], to: try row["to_day"])
        }
        var places: [GridID: [Dated<Place>]] = [:]
        try tx.each("SELECT grid_id, parent_id, path, from_day, to_day FROM grid_path ORDER BY grid_id, from_day") { row in
            places[try row["grid_id"], default: []].append(
                Dated(value: Place(path: try row["path"], parent: try row["parent_id"]), from: try row["from_day"], to: try row["to_day"]))
        }
        var shapes: [GridID: [Dated<MultiPolygon>]] = [:]
        try tx.each("SELECT grid_id, shape, from_day, to_day FROM grid_shape ORDER BY grid_id, from_day") { row in
            shapes[try row["grid_id"], default: []].append(
                Dated(value: try WKB.shape(row["shape"]), from: try row["from_day"], to: try row["to_day"]))
        }
        return Land(revision: try tx.meta(revisionKey) ?? "", grids: grids, places: places, shapes: shapes, today: today)
    }
}
