import CGEOS

/// The faces into which the borders of shapes cut the plane, with what each face borders on. Borders are snapped to 1e-9° (0.1 mm).
struct Arrangement {
    struct Face {
        let shape: Polygon
        /// A place inside.
        let place: Coordinate
        /// Other faces, or -1 for what is outside of all, with the metres of common border.
        var neighbours: [Int: Double] = [:]
    }

    private struct Segment: Hashable {
        let a: Coordinate
        let b: Coordinate

        init(_ a: Coordinate, _ b: Coordinate) {
            (self.a, self.b) = (a.lon, a.lat) < (b.lon, b.lat) ? (a, b) : (b, a)
        }
    }

    static let grain = 1e-9

    private(set) var faces: [Face] = []

    /// - Parameter cuts: lines that cut as borders do.
    init(_ shapes: [MultiPolygon], cuts: [[Coordinate]] = [], topology: Topology) throws {
        let handle = topology.handle
        var lines: [OpaquePointer?] = []
        for points in shapes.flatMap(\.rings).map(\.points).filter({ $0.count >= 4 }) + cuts where points.count >= 2 {
            lines.append(Self.line(points, handle))
        }
        guard !lines.isEmpty else { return }
        let bundle = GEOSGeom_createCollection_r(handle, Int32(GEOS_MULTILINESTRING.rawValue), &lines, UInt32(lines.count))
        let all = try Topology.Geometry(bundle, of: topology, doing: "lines")
        let noded = try Topology.Geometry(GEOSUnaryUnionPrec_r(handle, all.raw, Self.grain), of: topology, doing: "node")
        var input: [OpaquePointer?] = [noded.raw]
        let cut = try Topology.Geometry(GEOSPolygonize_r(handle, &input, 1), of: topology, doing: "polygonize")
        defer { withExtendedLifetime((all, noded, cut)) {} }
        let count = GEOSGetNumGeometries_r(handle, cut.raw)
        guard count >= 0 else { throw Topology.Failure(doing: "faces") }
        for index in 0..<count {
            guard let raw = GEOSGetGeometryN_r(handle, cut.raw, index) else { throw Topology.Failure(doing: "face") }
            guard let polygon = try topology.shape(raw: raw).polygons.first else { continue }
            let inside = try Topology.Geometry(GEOSPointOnSurface_r(handle, raw), of: topology, doing: "point")
            var place = polygon.outer.points[0]
            withExtendedLifetime(inside) {
                GEOSGeomGetX_r(handle, inside.raw, &place.lon)
                GEOSGeomGetY_r(handle, inside.raw, &place.lat)
            }
            faces.append(Face(shape: polygon, place: place))
        }
        join()
    }

    private static func line(_ points: [Coordinate], _ handle: GEOSContextHandle_t) -> OpaquePointer? {
        guard let sequence = GEOSCoordSeq_create_r(handle, UInt32(points.count), 2) else { return nil }
        for (index, point) in points.enumerated() { GEOSCoordSeq_setXY_r(handle, sequence, UInt32(index), point.lon, point.lat) }
        return GEOSGeom_createLineString_r(handle, sequence)
    }

    private mutating func join() {
        var sides: [Segment: (Int, Int)] = [:]
        for (index, face) in faces.enumerated() {
            for ring in face.shape.rings {
                for place in ring.points.indices.dropFirst() {
                    let segment = Segment(ring.points[place - 1], ring.points[place])
                    if let known = sides[segment] { sides[segment] = (known.0, index) } else { sides[segment] = (index, -1) }
                }
            }
        }
        for (segment, pair) in sides where pair.0 != pair.1 {
            let length = segment.a.distance(to: segment.b)
            faces[pair.0].neighbours[pair.1, default: 0] += length
            if pair.1 >= 0 { faces[pair.1].neighbours[pair.0, default: 0] += length }
        }
    }
}
