import Basics
import Foundation

/// `ogrinfo` and `ogr2ogr` (Debian's gdal-bin), each in a process of its own, with limits on time and memory.
struct GDAL {
    /// Of a Shapefile's texts; nil leaves it to the file.
    let encoding: TextEncoding?

    /// NB: no others, because some formats name further files and addresses that would then be read.
    private static let formats: Set = [
        "GeoJSON", "GeoJSONSeq", "TopoJSON", "ESRIJSON", "ESRI Shapefile", "GPKG", "KML", "LIBKML", "FlatGeobuf", "MapInfo File",
        "OpenFileGDB",
    ]

    /// All others that this GDAL has, asked once.
    private static let skipped: String = {
        let list = try? GDAL(encoding: nil).run("ogrinfo", ["--formats"], most: 1 << 20, skip: "")
        return String(decoding: list?.output ?? Data(), as: UTF8.self).split(separator: "\n").compactMap { line in
            guard let end = line.range(of: " -"), line[end.upperBound...].contains("vector") else { return nil }
            let name = line[..<end.lowerBound].trimmingSpaces
            return formats.contains(name) ? nil : name
        }.joined(separator: ",")
    }()

    private var options: [String] { encoding.map { ["-oo", "ENCODING=\($0.rawValue.uppercased())"] } ?? [] }

    /// Names of the layers; one file may hold several. Those of points and lines only if there is nothing else.
    func layers(of source: String) throws -> [String] {
        let answer = try run("ogrinfo", ["-ro", "-so", "-al"] + options + [source], most: 64 << 20)
        guard answer.status == 0 else { throw LandRefusal.unreadable(answer.error) }
        var layers: [(name: String, holdsLand: Bool)] = []
        for line in String(decoding: answer.output, as: UTF8.self).split(separator: "\n") {
            if line.hasPrefix("Layer name: ") {
                layers.append((String(line.dropFirst("Layer name: ".count)), true))
            } else if line.hasPrefix("Geometry"), let colon = line.range(of: ": "), !layers.isEmpty {
                let sort = line[colon.upperBound...]
                layers[layers.count - 1].holdsLand = !["Point", "Line", "None"].contains { sort.contains($0) }
            }
        }
        // NB: a name that begins with a hyphen would be read as an option.
        if let odd = layers.first(where: { $0.name.hasPrefix("-") }) { throw LandRefusal.unreadable(odd.name) }
        let land = layers.filter(\.holdsLand)
        return (land.isEmpty ? layers : land).map(\.name)
    }

    /// A layer as one feature a line, in WGS-84.
    func geojson(_ source: String, layer: String, most: Int) throws -> Data {
        let common = ["-f", "GeoJSONSeq", "-lco", "COORDINATE_PRECISION=9", "-dim", "XY", "-mapFieldType", "Date=String,DateTime=String"]
        func convert(_ system: [String]) throws -> (status: Int32, output: Data, error: String) {
            try run("ogr2ogr", common + system + options + ["/vsistdout/", source, layer], most: most)
        }
        var answer = try convert(["-t_srs", "EPSG:4326"])
        // A file that does not say its system is taken as degrees; wild figures are refused later.
        if answer.status != 0, answer.error.contains("source layer SRS") || answer.error.contains("Can't transform") {
            answer = try convert(["-a_srs", "EPSG:4326"])
        }
        guard answer.status == 0 else { throw LandRefusal.unreadable(answer.error) }
        return answer.output
    }

    private func run(_ tool: String, _ arguments: [String], most: Int, skip: String = Self.skipped) throws -> (
        status: Int32, output: Data, error: String
    ) {
        let process = Process()
        process.executableURL = URL(fileURLWithPath: "/bin/sh")
        process.arguments = ProcessLimits(seconds: 600, memory: 8000).shell(tool, arguments)
        var environment = ProcessInfo.processInfo.environment
        environment["OGR_GEOMETRY_ACCEPT_UNCLOSED_RING"] = "YES"
        if !skip.isEmpty { environment["GDAL_SKIP"] = skip }
        environment["OGR_GEOJSON_MAX_OBJ_SIZE"] = "1024"
        process.environment = environment
        process.standardInput = FileHandle.nullDevice
        let output = Pipe()
        process.standardOutput = output
        // Errors go to a file: two pipes read one after the other could wait for each other for ever.
        let errors = FileManager.default.temporaryDirectory.appendingPathComponent("weiwang-gdal-\(UUID().uuidString).txt")
        _ = FileManager.default.createFile(atPath: errors.path, contents: nil)
        defer { try? FileManager.default.removeItem(at: errors) }
        let handle = try FileHandle(forWritingTo: errors)
        process.standardError = handle
        try process.run()
        var data = Data()
        while let piece = try output.fileHandleForReading.read(upToCount: 1 << 20), !piece.isEmpty, data.count <= most { data += piece }
        if data.count > most { process.terminate() }
        process.waitUntilExit()
        try handle.close()
        guard data.count <= most else { throw LandRefusal.file(.tooLarge, String(most >> 20)) }
        let said = (try? String(contentsOf: errors, encoding: .utf8)) ?? ""
        return (process.terminationStatus, data, Self.gist(said) ?? "\(tool): \(process.terminationStatus)")
    }

    /// The first line that says what is wrong, without GDAL's number and our folders.
    private static func gist(_ said: String) -> String? {
        let lines = said.split(separator: "\n").map(String.init).filter { !$0.hasPrefix("Warning") && $0 != "FAILURE:" }
        guard let line = lines.first(where: { $0.hasPrefix("ERROR") }) ?? lines.first else { return nil }
        return line.replacing(#/^ERROR \d+: /#, with: "").replacing(#/`?(?:\/[^\s'`]+\/)/#, with: "")
    }
}
