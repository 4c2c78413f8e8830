import Basics
import Catalog
import Geo
import Store

/// The whole demo in memory: the rows of every table, in the order in which they may be written.
package struct DemoCity {
    package let tables: [BulkRows]
    /// Full text of records and matters.
    package let texts: [SearchDocument]
    package let signIns: [DemoSignIn]

    /// - Parameters:
    ///   - pictures: digests of stored pictures by name; none leaves the photos out.
    ///   - end: when the demo stands, on the content's day: the same for the same instant.
    package init(_ content: DemoContent, catalog: Catalog, root: DemoRoot, pictures: [String: [String]], end: Instant) throws {
        let limits = try DemoLimits(content, catalog: catalog, end: end)
        let land = try Land(content)
        let people = try People(land, catalog: catalog, root: root)
        let life = try Life(land, people: people, catalog: catalog, limits: limits, pictures: pictures, end: end)
        let ground = try Ground(land, catalog: catalog, root: root.grid)
        tables =
            [
                ground.grids, ground.paths, ground.shapes, ground.records, ground.links, people.units, people.postRows, people.persons,
                people.holdings,
            ]
            + [
                people.remits, life.matterRows, life.reportRows, life.partRows, life.clockRows, life.timerRows, life.milestoneRows,
                life.photoRows,
                life.remarkRows,
            ]
            + [life.entryRows, life.numberRows]
        texts = ground.texts + Self.marked(life.texts, tables)
        signIns = people.signIns
    }

    static func cell(_ lon: Double, _ lat: Double) -> Int64 { Cell(Coordinate(lon: lon, lat: lat)).code }
}
