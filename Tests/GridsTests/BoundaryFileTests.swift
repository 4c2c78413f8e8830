import Basics
import Foundation
import Geo
import Testing
@testable import Grids

/// Boundaries as offices send them: every format, every encoding, and what only pretends to be one.
@Suite struct BoundaryFileTests {
    /// Two squares with a zero before the code, made into other formats by `ogr2ogr`.
    private static let squares = """
        {"type":"FeatureCollection","features":[
        {"type":"Feature","properties":{"code":"0113","name":"中原路社区"},"geometry":{"type":"Polygon","coordinates":[[[113.6,34.7],[113.61,34.7],[113.61,34.71],[113.6,34.71],[113.6,34.7]]]}},
        {"type":"Feature","properties":{"code":"2","name":"建设路社区"},"geometry":{"type":"Polygon","coordinates":[[[113.61,34.7],[113.62,34.7],[113.62,34.71],[113.61,34.71],[113.61,34.7]]]}}]}
        """

    private func inFolder<T>(_ body: (String) throws -> T) throws -> T {
        let folder = NSTemporaryDirectory() + "weiwang-boundaries-\(UUIDv7(at: .systemNow))"
        try FileManager.default.createDirectory(atPath: folder, withIntermediateDirectories: true)
        defer { try? FileManager.default.removeItem(atPath: folder) }
        try Self.squares.write(toFile: folder + "/squares.geojson", atomically: true, encoding: .utf8)
        return try body(folder)
    }

    private func expectSquares(_ path: String, _ encoding: TextEncoding? = nil, guessed: TextEncoding? = nil) throws {
        let file = try BoundaryFile(path: path, encoding: encoding)
        let found = file.features.map { ($0.properties["code"] ?? "") + " " + ($0.properties["name"] ?? $0.properties["Name"] ?? "") }
        #expect(found == ["0113 中原路社区", "2 建设路社区"], "\(path)")
        #expect(file.guessedEncoding == guessed, "\(path)")
        let box = file.features.compactMap(\.shape).map(\.box).reduce(Box.empty) { $0.union($1) }
        #expect(abs(box.west - 113.6) < 1e-6 && abs(box.north - 34.71) < 1e-6, "\(path)")
    }

    @Test("GeoJSON, Shapefile, GeoPackage and KML give the same, in any coordinate system that they name")
    func formats() throws {
        try inFolder { folder in
            let source = folder + "/squares.geojson"
            try expectSquares(source)
            for (name, options) in [
                ("a.gpkg", ["-f", "GPKG"]), ("b.gpkg", ["-f", "GPKG", "-t_srs", "EPSG:3857"]), ("c.kml", ["-f", "KML"]),
                ("d.shp", ["-f", "ESRI Shapefile", "-lco", "ENCODING=UTF-8"]),
                ("e.shp", ["-f", "ESRI Shapefile", "-lco", "ENCODING=GBK", "-t_srs", "EPSG:4547"]),
            ] {
                try tool(["ogr2ogr"] + options + [folder + "/" + name, source])
                try expectSquares(folder + "/" + name)
            }
            // A name says nothing: the first bytes do.
            try FileManager.default.copyItem(atPath: folder + "/a.gpkg", toPath: folder + "/wrong.geojson")
            try expectSquares(folder + "/wrong.geojson")
            // No word about the encoding of its texts.
            try FileManager.default.removeItem(atPath: folder + "/e.cpg")
            try expectSquares(folder + "/e.shp", guessed: .gbk)
            try expectSquares(folder + "/e.shp", .gbk)
            let gbk = Data(try #require(Self.gbk(Self.squares)))
            try gbk.write(to: URL(fileURLWithPath: folder + "/gbk.geojson"))
            try expectSquares(folder + "/gbk.geojson", guessed: .gbk)
            try (Data([0xEF, 0xBB, 0xBF]) + Data(Self.squares.utf8)).write(to: URL(fileURLWithPath: folder + "/mark.json"))
            try expectSquares(folder + "/mark.json")
        }
    }

    private func tool(_ words: [String]) throws {
        let process = Process()
        process.executableURL = URL(fileURLWithPath: "/usr/bin/env")
        process.arguments = words
        process.standardOutput = FileHandle.nullDevice
        process.standardError = FileHandle.nullDevice
        try process.run()
        process.waitUntilExit()
        #expect(process.terminationStatus == 0, "\(words)")
    }

    private static func gbk(_ text: String) -> [UInt8]? {
        text.data(using: String.Encoding(rawValue: 0x8000_0632)).map(Array.init)
    }

    @Test("a zipped Shapefile: Chinese names of files, in UTF-8 or GBK, in folders, packed or not, encoding unsaid")
    func zipped() throws {
        try inFolder { folder in
            try tool(["ogr2ogr", "-f", "ESRI Shapefile", "-lco", "ENCODING=GBK", folder + "/set.shp", folder + "/squares.geojson"])
            let parts = try ["shp", "shx", "dbf", "prj"].map { ($0, try Data(contentsOf: URL(fileURLWithPath: "\(folder)/set.\($0)"))) }
            let path = folder + "/set.zip"
            for name in [Array("社区".utf8), try #require(Self.gbk("数据/社区")), Array("a/b/SET".utf8)] {
                try ZipMaker.zip(parts.map { (name + Array(".\($0)".utf8), $1) }).write(to: URL(fileURLWithPath: path))
                try expectSquares(path, guessed: .gbk)
            }
            try FileManager.default.removeItem(atPath: path)
            try tool(["/usr/bin/python3", "-m", "zipfile", "-c", path] + parts.map { "\(folder)/set.\($0.0)" } + [folder + "/set.cpg"])
            try expectSquares(path)
            // Several in one are read together, and said.
            try ZipMaker.zip(parts.flatMap { [(Array("a.\($0)".utf8), $1), (Array("b.\($0)".utf8), $1)] }).write(
                to: URL(fileURLWithPath: path))
            let both = try BoundaryFile(path: path)
            #expect(both.features.count == 4 && both.parts == ["a.shp", "b.shp"] && both.notices.map(\.key) == ["encoding", "parts"])
            #expect(try Self.leftovers().isEmpty)
        }
    }

    /// What was unpacked and stays. Tests beside this one unpack too: theirs goes away.
    private static func leftovers() throws -> Set<String> {
        func unpacked() throws -> Set<String> {
            Set(try FileManager.default.contentsOfDirectory(atPath: NSTemporaryDirectory()).filter { $0.hasPrefix("weiwang-archive-") })
        }
        var left = try unpacked()
        for _ in 0..<100 where !left.isEmpty {
            Thread.sleep(forTimeInterval: 0.1)
            left.formIntersection(try unpacked())
        }
        return left
    }

    @Test("layers: one with brackets in its name is read, one of points is passed over")
    func layers() throws {
        try inFolder { folder in
            let path = folder + "/two.gpkg"
            try tool(["ogr2ogr", "-f", "GPKG", path, folder + "/squares.geojson", "-nln", "b (x)"])
            try #"{"type":"Feature","properties":{"code":"9"},"geometry":{"type":"Point","coordinates":[113.6,34.7]}}"#
                .write(toFile: folder + "/point.geojson", atomically: true, encoding: .utf8)
            try tool(["ogr2ogr", "-f", "GPKG", "-update", path, folder + "/point.geojson", "-nln", "points"])
            try expectSquares(path)
        }
    }

    @Test("ASVS-5.2.3 ASVS-1.5.1 what is damaged, locked, too large or no boundary at all is refused in plain words")
    func faults() throws {
        try inFolder { folder in
            func fault(_ name: String, _ bytes: Data) throws -> LandRefusal? {
                let path = folder + "/" + name
                try bytes.write(to: URL(fileURLWithPath: path))
                return #expect(throws: LandRefusal.self) { try BoundaryFile(path: path) }
            }
            let geojson = Data(Self.squares.utf8)
            let zip = ZipMaker.zip([(Array("a.geojson".utf8), geojson)])
            #expect(try fault("half.zip", zip.prefix(zip.count / 2)) == .file(.archiveBroken, "half.zip"))
            #expect(try fault("none.zip", geojson) == .file(.archiveBroken, "none.zip"))
            #expect(try fault("other.zip", ZipMaker.zip([(Array("a.txt".utf8), geojson)])) == .file(.archiveEmpty, "other.zip"))
            #expect(
                try fault("locked.zip", ZipMaker.zip([(Array("a.geojson".utf8), geojson)], flags: 1)) == .file(.archiveLocked, "locked.zip")
            )
            var bad = zip
            bad[40] ^= 0xFF
            #expect(try fault("bits.zip", bad) == .file(.archiveBroken, "bits.zip"))
            // A bomb: a thousand times what it weighs, whatever its directory promises.
            try tool(
                [
                    "/usr/bin/python3", "-c",
                    "import zipfile,sys; zipfile.ZipFile(sys.argv[1],'w',8).writestr('a.geojson', ' ' * 20_000_000)", folder + "/bomb.zip",
                ])
            #expect(throws: LandRefusal.file(.archiveTooLarge, "1")) { try Archive(path: folder + "/bomb.zip", most: 1 << 20) }
            var lie = try Data(contentsOf: URL(fileURLWithPath: folder + "/bomb.zip"))
            let directory = try #require(lie.lastRange(of: Data([0x50, 0x4B, 0x01, 0x02]))).lowerBound
            lie.replaceSubrange(directory + 24..<directory + 28, with: [0, 1, 0, 0])
            #expect(try fault("lie.zip", lie) == .file(.archiveBroken, "lie.zip"))
            for (name, text) in [("half.geojson", String(Self.squares.prefix(300))), ("a.geojson", "hello"), ("b.json", "[1, 2]")] {
                guard case .file(.notGeoJSON, _)? = try fault(name, Data(text.utf8)) else {
                    Issue.record("\(name)")
                    continue
                }
            }
            let deep = String(repeating: "[", count: 200_000) + String(repeating: "]", count: 200_000)
            _ = try fault("deep.geojson", Data(#"{"type":"FeatureCollection","features":\#(deep)}"#.utf8))
            #expect(throws: LandRefusal.file(.missing, "nowhere.kml")) { try BoundaryFile(path: folder + "/nowhere.kml") }
            try tool(["ogr2ogr", "-f", "ESRI Shapefile", folder + "/whole.shp", folder + "/squares.geojson"])
            try FileManager.default.removeItem(atPath: folder + "/whole.shx")
            #expect(throws: LandRefusal.file(.shapefileParts, ".shx")) { try BoundaryFile(path: folder + "/whole.shp") }
            // A format that names another file is not followed, whatever it calls itself.
            let vrt = """
                <OGRVRTDataSource><OGRVRTLayer name="squares"><SrcDataSource>\(folder)/squares.geojson</SrcDataSource></OGRVRTLayer></OGRVRTDataSource>
                """
            for name in ["a.vrt", "b.kml", "c.gpkg"] { _ = try fault(name, Data(vrt.utf8)) }
            #expect(try Self.leftovers().isEmpty)
        }
    }
}

/// A zip archive with everything stored as it is, names as bytes.
enum ZipMaker {
    static func zip(_ files: [(name: [UInt8], data: Data)], flags: UInt16 = 0) -> Data {
        func two(_ value: Int) -> [UInt8] { [UInt8(value & 255), UInt8(value >> 8 & 255)] }
        func four(_ value: Int) -> [UInt8] { two(value & 0xFFFF) + two(value >> 16) }
        var (body, directory) = ([UInt8](), [UInt8]())
        for file in files {
            let fields =
                two(20) + two(Int(flags)) + two(0) + four(0) + four(Int(crc(file.data))) + four(file.data.count) + four(file.data.count)
                + two(file.name.count) + two(0)
            directory += [0x50, 0x4B, 1, 2] + two(20) + fields + two(0) + two(0) + two(0) + four(0) + four(body.count) + file.name
            body += [0x50, 0x4B, 3, 4] + fields + file.name + Array(file.data)
        }
        let end =
            [0x50, 0x4B, 5, 6] + two(0) + two(0) + two(files.count) + two(files.count) + four(directory.count) + four(body.count) + two(0)
        return Data(body + directory + end)
    }

    private static func crc(_ data: Data) -> UInt32 {
        var sum: UInt32 = 0xFFFF_FFFF
        for byte in data {
            sum ^= UInt32(byte)
            for _ in 0..<8 { sum = sum & 1 == 1 ? sum >> 1 ^ 0xEDB8_8320 : sum >> 1 }
        }
        return ~sum
    }
}
