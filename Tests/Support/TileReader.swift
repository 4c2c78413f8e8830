/// Reads a vector tile, written apart from the encoder and after the specification only.
package struct TileReader {
    package struct Feature: Equatable {
        package var id: UInt64?
        package var type = 0
        package var values: [String: String] = [:]
        /// Points of each part, in the tile's coordinates; a ring without its first point again.
        package var parts: [[[Int]]] = []
        package var closed: [Bool] = []

        package init(type: Int = 0, values: [String: String] = [:], parts: [[[Int]]] = [], closed: [Bool] = []) {
            self.type = type
            self.values = values
            self.parts = parts
            self.closed = closed
        }

        /// Twice the area of a part, positive when clockwise with y down.
        package func area(_ part: Int) -> Int {
            let points = parts[part]
            return points.indices.reduce(0) { sum, i in
                let (a, b) = (points[i], points[(i + 1) % points.count])
                return sum + a[0] * b[1] - b[0] * a[1]
            }
        }
    }

    package struct Malformed: Error { let why: String }

    package private(set) var layers: [String: [Feature]] = [:]
    package private(set) var extents: Set<UInt64> = []

    package init(_ bytes: [UInt8]) throws {
        for (field, value) in try Self.fields(bytes[...]) {
            guard field == 3, case .bytes(let layer) = value else { throw Malformed(why: "field \(field) of a tile") }
            try read(layer)
        }
    }

    private enum Wire { case number(UInt64), bytes(ArraySlice<UInt8>) }

    private static func varint(_ bytes: inout ArraySlice<UInt8>) throws -> UInt64 {
        var (value, shift) = (UInt64(0), UInt64(0))
        while let byte = bytes.popFirst() {
            value |= UInt64(byte & 0x7f) << shift
            if byte & 0x80 == 0 { return value }
            shift += 7
            if shift > 63 { break }
        }
        throw Malformed(why: "a number that does not end")
    }

    private static func fields(_ bytes: ArraySlice<UInt8>) throws -> [(UInt64, Wire)] {
        var bytes = bytes
        var fields: [(UInt64, Wire)] = []
        while !bytes.isEmpty {
            let key = try varint(&bytes)
            switch key & 7 {
            case 0: fields.append((key >> 3, .number(try varint(&bytes))))
            case 2:
                let count = Int(try varint(&bytes))
                guard count <= bytes.count else { throw Malformed(why: "longer than the tile") }
                fields.append((key >> 3, .bytes(bytes.prefix(count))))
                bytes = bytes.dropFirst(count)
            default: throw Malformed(why: "wire type \(key & 7)")
            }
        }
        return fields
    }

    private static func numbers(_ bytes: ArraySlice<UInt8>) throws -> [UInt64] {
        var bytes = bytes
        var numbers: [UInt64] = []
        while !bytes.isEmpty { numbers.append(try varint(&bytes)) }
        return numbers
    }

    private static func signed(_ number: UInt64) -> Int { Int(number >> 1) ^ -Int(number & 1) }

    private mutating func read(_ layer: ArraySlice<UInt8>) throws {
        var (name, keys, values, features, version) = ("", [String](), [String](), [ArraySlice<UInt8>](), UInt64(0))
        for (field, wire) in try Self.fields(layer) {
            switch (field, wire) {
            case (15, .number(let number)): version = number
            case (1, .bytes(let text)): name = String(decoding: text, as: UTF8.self)
            case (2, .bytes(let feature)): features.append(feature)
            case (3, .bytes(let key)): keys.append(String(decoding: key, as: UTF8.self))
            case (4, .bytes(let value)):
                for (field, wire) in try Self.fields(value) {
                    switch (field, wire) {
                    case (1, .bytes(let text)): values.append(String(decoding: text, as: UTF8.self))
                    case (6, .number(let number)): values.append(String(Self.signed(number)))
                    case (7, .number(let number)): values.append(number == 1 ? "true" : "false")
                    default: throw Malformed(why: "value \(field)")
                    }
                }
            case (5, .number(let extent)): extents.insert(extent)
            default: throw Malformed(why: "field \(field) of a layer")
            }
        }
        guard version == 2, layers[name] == nil else { throw Malformed(why: "version \(version) of layer \(name)") }
        layers[name] = try features.map { try Self.feature($0, keys, values) }
    }

    private static func feature(_ bytes: ArraySlice<UInt8>, _ keys: [String], _ values: [String]) throws -> Feature {
        var feature = Feature()
        for (field, wire) in try fields(bytes) {
            switch (field, wire) {
            case (1, .number(let id)): feature.id = id
            case (2, .bytes(let tags)):
                let tags = try numbers(tags)
                for i in stride(from: 0, to: tags.count - 1, by: 2) { feature.values[keys[Int(tags[i])]] = values[Int(tags[i + 1])] }
            case (3, .number(let type)): feature.type = Int(type)
            case (4, .bytes(let geometry)): try draw(numbers(geometry), &feature)
            default: throw Malformed(why: "field \(field) of a feature")
            }
        }
        return feature
    }

    private static func draw(_ commands: [UInt64], _ feature: inout Feature) throws {
        var (x, y, i) = (0, 0, 0)
        while i < commands.count {
            let (command, count) = (commands[i] & 7, Int(commands[i] >> 3))
            i += 1
            if command == 7 {
                guard count == 1 else { throw Malformed(why: "closed \(count) times") }
                feature.closed[feature.closed.count - 1] = true
                continue
            }
            guard command == 1 || command == 2, i + 2 * count <= commands.count, count > 0 else {
                throw Malformed(why: "command \(command)")
            }
            for _ in 0..<count {
                x += signed(commands[i])
                y += signed(commands[i + 1])
                i += 2
                if command == 1 {
                    feature.parts.append([[x, y]])
                    feature.closed.append(false)
                } else {
                    feature.parts[feature.parts.count - 1].append([x, y])
                }
            }
        }
    }
}
