import Basics
import Catalog
import Geo
import Grids
import Store

/// The place of a report as its form carries it: from the grid's address, the phone, or a tap on the picture of the map.
struct Spot: Sendable {
    enum Placed: String { case nowhere = "", grid, phone, tap }

    var grid: GridID?
    var point: Coordinate?
    /// Metres, as the phone says, or as much as a finger covers.
    var accuracy: Int?
    var placed = Placed.nowhere
    var frame: MapFrame?

    /// Fields that move the pin or the window, and whether the reader asked for his own position.
    static let changes = ["tap.x", "tap.y", "move", "pin", "wanted"]
    /// So rough that a look at the map is worth the reader's while.
    var isRough: Bool { (accuracy ?? 0) > 50 && point != nil }

    /// - Parameter value: reads a field of the form or the query.
    init(_ value: (String) -> String) {
        grid = GridID(value("grid"))
        if let lon = Double(value("lon")), let lat = Double(value("lat")), lon.isFinite, lat.isFinite {
            let point = Coordinate(lon: lon, lat: lat)
            if point.isOnEarth { self.point = point }
        }
        accuracy = Int(value("accuracy")).flatMap { (0...100_000).contains($0) ? $0 : nil }
        placed = Placed(rawValue: value("placed")) ?? .nowhere
        if point == nil { placed = grid == nil ? .nowhere : .grid } else if placed == .nowhere { placed = .tap }
        frame = MapFrame(value("view"))
    }

    /// Moves the pin or the window if the form says so.
    /// - Parameter shown: the window the reader saw.
    /// - Returns: whether it did.
    mutating func apply(_ value: (String) -> String, shown: MapFrame) -> Bool {
        if let x = Double(value("tap.x")), let y = Double(value("tap.y")) {
            // A key pressed on the picture is sent as its corner; it means the middle.
            let place = x == 0 && y == 0 ? shown.center : shown.place(x: min(max(x, 0), shown.width), y: min(max(y, 0), shown.height))
            // From afar a finger covers a street: the next window is so near that a second tap hits the house.
            put(place, zoom: shown.zoom > 3 ? max(3, shown.zoom - 4) : shown.zoom)
            let finger = Int((12 * shown.scale).rounded())
            if finger > 20 { accuracy = finger }
            return true
        }
        if let place = Self.pin(value("pin")) {
            put(place, zoom: min(3, shown.zoom))
            return true
        }
        guard let move = MapFrame.Move(rawValue: value("move")) else { return false }
        var next = shown.moved(move)
        if move == .zoomIn || move == .zoomOut {
            if let point { next = MapFrame(center: point, zoom: next.zoom) }
            frame = next
        } else {
            put(next.center, zoom: next.zoom)
        }
        return true
    }

    /// The place of a building, as its button carries it.
    static func pin(_ place: Coordinate) -> String { "\(MapFrame.short(place.lon)),\(MapFrame.short(place.lat))" }

    private static func pin(_ text: String) -> Coordinate? {
        let parts = text.split(separator: ",").compactMap { Double($0) }
        guard parts.count == 2, parts.allSatisfy(\.isFinite) else { return nil }
        let place = Coordinate(lon: parts[0], lat: parts[1])
        return place.isOnEarth ? place : nil
    }

    private mutating func put(_ place: Coordinate, zoom: Int) {
        point = place
        accuracy = nil
        placed = .tap
        frame = MapFrame(center: place, zoom: zoom)
    }

    /// The sign of a grid that is no more stands for the grid that has its land; where several have it, the reader points.
    mutating func inherit(_ house: House, land: LandView, in tx: Transaction) throws {
        guard let old = grid, land.grid(old) == nil else { return }
        let heirs = try house.grids.living(old, in: tx)
        grid = heirs.count == 1 ? heirs.first : nil
        if point == nil {
            placed = grid == nil ? .nowhere : .grid
            let shape = house.grids.land.lastShape(of: old)
            if frame == nil, grid == nil, !shape.isEmpty { frame = MapFrame(showing: shape.box) }
        }
    }

    /// Back to the grid's own address.
    mutating func leavePoint() {
        point = nil
        accuracy = nil
        placed = grid == nil ? .nowhere : .grid
        frame = nil
    }

    /// The window to show: the one asked for, about the pin, the grid, the whole land, or where the platform begins.
    func window(_ house: House, land: LandView) -> MapFrame {
        if let frame { return frame }
        if let point { return MapFrame(center: point, showing: Double(placed == .phone ? accuracy ?? 0 : 0)) }
        if let grid, let shape = land.shape(of: grid), !shape.isEmpty { return MapFrame(showing: shape.box) }
        if !land.whole.isEmpty { return MapFrame(showing: land.whole) }
        let center = house.catalog.platform.center
        return MapFrame(center: Coordinate(lon: center.lon, lat: center.lat), zoom: 6)
    }
}
