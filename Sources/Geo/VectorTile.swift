/// One tile of a map as vectors: layers of polygons, lines and points with a few values each, in the tile's own whole coordinates.
///
/// Source: Mapbox Vector Tile 2.1 (one message type, Protocol Buffers).
package struct VectorTile: Sendable {
    package enum Value: Hashable, Sendable {
        case text(String)
        case whole(Int64)
        case flag(Bool)
    }

    package enum Shape: Hashable, Sendable {
        case points([TilePoint])
        case lines([[TilePoint]])
        /// Each with its outer ring first, then its holes; not closed, turned as the format wants by the encoder.
        case polygons([[[TilePoint]]])
    }

    package struct Layer: Sendable {
        package let name: String
        package var count: Int { features.count }
        private(set) var features: [[UInt8]] = []
        private(set) var keys: [String] = []
        private(set) var values: [Value] = []
        private var keyNumbers: [String: UInt64] = [:]
        private var valueNumbers: [Value: UInt64] = [:]

        package init(_ name: String) { self.name = name }

        /// - Parameter values: named; a nil is left out. A shape without a point adds nothing.
        package mutating func add(_ shape: Shape, id: UInt64? = nil, _ values: KeyValuePairs<String, Value?>) {
            let commands = TileCommands(shape)
            guard !commands.numbers.isEmpty else { return }
            var tags: [UInt64] = []
            for (key, value) in values {
                guard let value else { continue }
                tags += [number(key), number(value)]
            }
            var feature = ProtocolBuffer()
            if let id { feature.add(1, id) }
            feature.add(2, packed: tags)
            feature.add(3, commands.type)
            feature.add(4, packed: commands.numbers)
            features.append(feature.bytes)
        }

        private mutating func number(_ key: String) -> UInt64 {
            if let known = keyNumbers[key] { return known }
            let number = UInt64(keys.count)
            keys.append(key)
            keyNumbers[key] = number
            return number
        }

        private mutating func number(_ value: Value) -> UInt64 {
            if let known = valueNumbers[value] { return known }
            let number = UInt64(values.count)
            values.append(value)
            valueNumbers[value] = number
            return number
        }

        var message: [UInt8] {
            var layer = ProtocolBuffer()
            layer.add(15, 2)
            layer.add(1, name)
            for feature in features { layer.add(2, feature) }
            for key in keys { layer.add(3, key) }
            for value in values {
                var message = ProtocolBuffer()
                switch value {
                case .text(let text): message.add(1, text)
                case .whole(let number): message.add(6, ProtocolBuffer.zigzag(number))
                case .flag(let flag): message.add(7, flag ? 1 : 0)
                }
                layer.add(4, message.bytes)
            }
            layer.add(5, UInt64(TileFrame.extent))
            return layer.bytes
        }
    }

    package var layers: [Layer]

    package init(_ layers: [Layer] = []) { self.layers = layers }

    /// Empty for a tile with nothing on it, which is valid too.
    package var bytes: [UInt8] {
        var tile = ProtocolBuffer()
        for layer in layers where layer.count > 0 { tile.add(3, layer.message) }
        return tile.bytes
    }
}

/// The geometry of a feature as commands: MoveTo, LineTo, ClosePath, and steps from point to point.
private struct TileCommands {
    private(set) var numbers: [UInt64] = []
    let type: UInt64
    private var at = TilePoint(x: 0, y: 0)

    init(_ shape: VectorTile.Shape) {
        switch shape {
        case .points(let points):
            type = 1
            if !points.isEmpty { go(1, points[...]) }
        case .lines(let lines):
            type = 2
            for line in lines where line.count > 1 {
                go(1, line[..<1])
                go(2, line[1...])
            }
        case .polygons(let polygons):
            type = 3
            for rings in polygons where rings.first?.count ?? 0 > 2 {
                for (index, ring) in rings.enumerated() where ring.count > 2 {
                    let area = Self.area(ring)
                    // Outer rings are positive where y runs down, holes negative. Without its outer ring a polygon is nothing.
                    if area == 0 { if index == 0 { break } else { continue } }
                    let turned = (area > 0) == (index == 0) ? ring : ring.reversed()
                    go(1, turned[..<1])
                    go(2, turned[1...])
                    numbers.append(1 << 3 | 7)
                }
            }
        }
    }

    private mutating func go(_ command: UInt64, _ points: ArraySlice<TilePoint>) {
        numbers.append(UInt64(points.count) << 3 | command)
        for point in points {
            numbers += [ProtocolBuffer.zigzag(Int64(point.x - at.x)), ProtocolBuffer.zigzag(Int64(point.y - at.y))]
            at = point
        }
    }

    /// Twice the area, positive when clockwise on the screen.
    private static func area(_ ring: [TilePoint]) -> Int {
        var sum = 0
        for (index, point) in ring.enumerated() {
            let next = ring[(index + 1) % ring.count]
            sum += point.x * next.y - next.x * point.y
        }
        return sum
    }
}
