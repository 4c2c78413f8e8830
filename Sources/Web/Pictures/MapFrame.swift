import Basics
import Geo

/// The window a map picture looks through: a place in its middle, so many metres to a pixel. A tap on the picture is a place again.
package struct MapFrame: Sendable, Equatable {
    package let center: Coordinate
    /// Index into `scales`.
    package let zoom: Int
    package let width: Double
    package let height: Double

    /// Between two of the scales, for a picture that nobody moves.
    private let exact: Double?

    /// Metres to a pixel, nearest first.
    static let scales = [0.15, 0.3, 0.6, 1.2, 2.4, 4.8, 9.6, 19.2, 38.4, 76.8, 153.6]

    package init(center: Coordinate, zoom: Int, width: Double = 640, height: Double = 240) {
        exact = nil
        self.center = center
        self.zoom = min(max(zoom, 0), Self.scales.count - 1)
        self.width = width
        self.height = height
    }

    /// The nearest zoom at which a box is seen whole.
    package init(showing box: Box, width: Double = 640, height: Double = 240) {
        let plane = LocalPlane(at: box.center)
        let need = max(box.width * plane.perLon / (width * 0.55), box.height * plane.perLat / (height * 0.9))
        let zoom = Self.scales.firstIndex { $0 >= need } ?? Self.scales.count - 1
        self.init(center: box.center, zoom: zoom, width: width, height: height)
    }

    /// A box as large as it fits, with a margin.
    package init(filling box: Box, width: Double, height: Double) {
        let plane = LocalPlane(at: box.center)
        let need = max(box.width * plane.perLon / (width * 0.9), box.height * plane.perLat / (height * 0.9), 0.05)
        center = box.center
        zoom = Self.scales.firstIndex { $0 >= need } ?? Self.scales.count - 1
        exact = need
        self.width = width
        self.height = height
    }

    /// About a place, so that what lies within `meters` of it is seen.
    package init(center: Coordinate, showing meters: Double, width: Double = 640, height: Double = 240) {
        let need = max(0.6, meters / (height * 0.45))
        self.init(
            center: center, zoom: Self.scales.firstIndex { $0 >= need } ?? Self.scales.count - 1, width: width, height: height)
    }

    /// `lon,lat,zoom` as it travels in forms and addresses; nil for anything else.
    package init?(_ text: String, width: Double = 640, height: Double = 240) {
        let parts = text.split(separator: ",", omittingEmptySubsequences: false)
        guard parts.count == 3, let lon = Double(parts[0]), let lat = Double(parts[1]), let zoom = Int(parts[2]) else { return nil }
        let center = Coordinate(lon: lon, lat: lat)
        guard lon.isFinite, lat.isFinite, center.isOnEarth else { return nil }
        self.init(center: center, zoom: zoom, width: width, height: height)
    }

    package var text: String { "\(Self.short(center.lon)),\(Self.short(center.lat)),\(zoom)" }

    var scale: Double { exact ?? Self.scales[zoom] }
    private var plane: LocalPlane { LocalPlane(at: center) }

    package func pixel(_ place: Coordinate) -> (x: Double, y: Double) {
        let meters = plane.meters(place)
        return (width / 2 + meters.x / scale, height / 2 - meters.y / scale)
    }

    package func place(x: Double, y: Double) -> Coordinate {
        plane.coordinate(x: (x - width / 2) * scale, y: (height / 2 - y) * scale)
    }

    var box: Box { Box(around: [place(x: 0, y: height), place(x: width, y: 0)]) }

    enum Move: String, CaseIterable { case zoomIn = "in", zoomOut = "out", north = "n", south = "s", west = "w", east = "e" }

    func moved(_ move: Move) -> MapFrame {
        func to(_ x: Double, _ y: Double) -> MapFrame {
            MapFrame(center: place(x: width * x, y: height * y), zoom: zoom, width: width, height: height)
        }
        return switch move {
        case .zoomIn: MapFrame(center: center, zoom: zoom - 1, width: width, height: height)
        case .zoomOut: MapFrame(center: center, zoom: zoom + 1, width: width, height: height)
        case .north: to(0.5, 0.25)
        case .south: to(0.5, 0.75)
        case .west: to(0.375, 0.5)
        case .east: to(0.625, 0.5)
        }
    }

    /// Six decimals: 11 cm.
    static func short(_ degrees: Double) -> String { String((degrees * 1_000_000).rounded() / 1_000_000) }
}
