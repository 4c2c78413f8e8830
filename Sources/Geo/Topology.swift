import CGEOS

/// The operations of GEOS on shapes (reentrant C interface). One for each thread; make it, use it, let it go.
package final class Topology {
    let handle: GEOSContextHandle_t

    /// GEOS refused; says at what.
    package struct Failure: Error, Sendable {
        package let doing: String
    }

    package init() throws {
        guard let handle = GEOS_init_r() else { throw Failure(doing: "init") }
        self.handle = handle
    }

    deinit { GEOS_finish_r(handle) }

    /// A geometry of GEOS, freed with its last reference.
    final class Geometry {
        let raw: OpaquePointer
        let topology: Topology

        init(_ raw: OpaquePointer?, of topology: Topology, doing: String) throws {
            guard let raw else { throw Failure(doing: doing) }
            self.raw = raw
            self.topology = topology
        }

        deinit { GEOSGeom_destroy_r(topology.handle, raw) }
    }

    /// What is wrong with a shape, and where.
    package struct Fault: Sendable, Equatable {
        /// GEOS's own English words, e.g. `Self-intersection`.
        package let reason: String
        package let place: Coordinate?
    }

    /// The first fault of a shape; nil when it is sound.
    package func fault(of shape: MultiPolygon) throws -> Fault? {
        for polygon in shape.polygons {
            for ring in polygon.rings {
                if let bad = ring.points.first(where: { !$0.lon.isFinite || !$0.lat.isFinite || !$0.isOnEarth }) {
                    return Fault(reason: "Coordinate off the earth", place: bad.lon.isFinite && bad.lat.isFinite ? bad : nil)
                }
                if ring.points.count < 4 { return Fault(reason: "Ring of fewer than four points", place: ring.points.first) }
            }
        }
        let geometry = try geometry(shape)
        defer { withExtendedLifetime(geometry) {} }
        var reason: UnsafeMutablePointer<CChar>?
        var place: OpaquePointer?
        let valid = GEOSisValidDetail_r(handle, geometry.raw, 0, &reason, &place)
        defer {
            if let reason { GEOSFree_r(handle, reason) }
            if let place { GEOSGeom_destroy_r(handle, place) }
        }
        guard valid != 1 else { return nil }
        guard valid == 0 else { throw Failure(doing: "valid") }
        var x = 0.0
        var y = 0.0
        let known = place.map { GEOSGeomGetX_r(handle, $0, &x) == 1 && GEOSGeomGetY_r(handle, $0, &y) == 1 } ?? false
        return Fault(reason: reason.map { String(cString: $0) } ?? "Invalid", place: known ? Coordinate(lon: x, lat: y) : nil)
    }

    /// The area that a faulty outline means, taking its lines as they cross (each patch inside if it is inside an odd number).
    package func makeValid(_ shape: MultiPolygon) throws -> MultiPolygon {
        let kept = MultiPolygon(
            shape.polygons.compactMap { polygon in
                func sound(_ ring: Ring) -> Bool { ring.points.count >= 4 && ring.points.allSatisfy(\.isOnEarth) }
                guard sound(polygon.outer) else { return nil }
                return Polygon(outer: polygon.outer, holes: polygon.holes.filter(sound))
            })
        guard !kept.isEmpty else { return .empty }
        return try made(geometry(kept), "make valid") { GEOSMakeValid_r(handle, $0) }
    }

    package func union(_ shapes: [MultiPolygon]) throws -> MultiPolygon {
        let all = MultiPolygon(shapes.flatMap(\.polygons))
        guard !all.isEmpty else { return .empty }
        return try made(geometry(all), "union") { GEOSUnaryUnion_r(handle, $0) }
    }

    package func intersection(_ a: MultiPolygon, _ b: MultiPolygon) throws -> MultiPolygon {
        guard a.box.intersects(b.box) else { return .empty }
        return try made(geometry(a), geometry(b), "intersection") { GEOSIntersection_r(handle, $0, $1) }
    }

    package func difference(_ a: MultiPolygon, _ b: MultiPolygon) throws -> MultiPolygon {
        guard a.box.intersects(b.box) else { return a }
        return try made(geometry(a), geometry(b), "difference") { GEOSDifference_r(handle, $0, $1) }
    }

    /// Square metres that two shapes share.
    package func sharedArea(_ a: MultiPolygon, _ b: MultiPolygon) throws -> Double { try intersection(a, b).area }

    /// Whether two shapes are the same but for rounding: what lies in only one of them is under a square decimetre.
    package func same(_ a: MultiPolygon, _ b: MultiPolygon) throws -> Bool {
        if a == b { return true }
        return try made(geometry(a), geometry(b), "difference") { GEOSSymDifference_r(handle, $0, $1) }.area < 0.01
    }

    /// Grown by metres, corners kept sharp; negative shrinks.
    package func grown(_ shape: MultiPolygon, meters: Double) throws -> MultiPolygon {
        guard !shape.isEmpty else { return shape }
        let plane = LocalPlane(at: shape.box.center)
        let flat = shape.map {
            let (x, y) = plane.meters($0); return Coordinate(lon: x, lat: y)
        }
        let (cap, join) = (Int32(GEOSBUF_CAP_FLAT.rawValue), Int32(GEOSBUF_JOIN_MITRE.rawValue))
        return try made(geometry(flat), "buffer") { GEOSBufferWithStyle_r(handle, $0, meters, 4, cap, join, 3) }
            .map { plane.coordinate(x: $0.lon, y: $0.lat) }
    }

    // MARK: To and from GEOS

    // NB: what goes into GEOS must outlive the call; Swift may free an object after its last mention.
    private func made(_ a: Geometry, _ doing: String, _ work: (OpaquePointer) -> OpaquePointer?) throws -> MultiPolygon {
        try withExtendedLifetime(a) { try shape(Geometry(work(a.raw), of: self, doing: doing)) }
    }

    private func made(
        _ a: Geometry, _ b: Geometry, _ doing: String, _ work: (OpaquePointer, OpaquePointer) -> OpaquePointer?
    ) throws -> MultiPolygon {
        try withExtendedLifetime((a, b)) { try shape(Geometry(work(a.raw, b.raw), of: self, doing: doing)) }
    }

    func geometry(_ shape: MultiPolygon) throws -> Geometry {
        guard let reader = GEOSWKBReader_create_r(handle) else { throw Failure(doing: "reader") }
        defer { GEOSWKBReader_destroy_r(handle, reader) }
        let bytes = WKB.bytes(of: shape)
        return try Geometry(GEOSWKBReader_read_r(handle, reader, bytes, bytes.count), of: self, doing: "read")
    }

    /// The polygons in a geometry of any type.
    func shape(_ geometry: Geometry) throws -> MultiPolygon { try withExtendedLifetime(geometry) { try shape(raw: geometry.raw) } }

    func shape(raw: OpaquePointer) throws -> MultiPolygon {
        guard let writer = GEOSWKBWriter_create_r(handle) else { throw Failure(doing: "writer") }
        defer { GEOSWKBWriter_destroy_r(handle, writer) }
        var size = 0
        guard let bytes = GEOSWKBWriter_write_r(handle, writer, raw, &size) else { throw Failure(doing: "write") }
        defer { GEOSFree_r(handle, bytes) }
        let all = try WKB.shape(Array(UnsafeBufferPointer(start: bytes, count: size)))
        return MultiPolygon(all.polygons.filter { $0.outer.points.count >= 4 })
    }
}
