import Foundation

/// `ogrinfo` and `ogr2ogr` (Debian's gdal-bin), each in a process of its own.
struct GDAL {
    /// Of a Shapefile's texts; nil leaves it to the file.
    let encoding: String?

    private var options: [String] { encoding.map { ["-oo", "ENCODING=\($0.uppercased())"] } ?? [] }

    /// Names of the layers; one file may hold several.
    func layers(of source: String) throws -> [String] {
        let answer = try run("ogrinfo", ["-ro", "-q"] + options + [source])
        guard answer.status == 0 else { throw LandRefusal.unreadable(answer.error) }
        // `1: name (Multi Polygon)`
        return String(decoding: answer.output, as: UTF8.self).split(separator: "\n").compactMap { line in
            guard let colon = line.firstIndex(of: ":"), Int(line[..<colon]) != nil else { return nil }
            var name = line[line.index(colon, offsetBy: 2)...]
            if name.hasSuffix(")"), let open = name.range(of: " (", options: .backwards) { name = name[..<open.lowerBound] }
            return String(name)
        }
    }

    /// A layer as one feature a line, in WGS-84.
    func geojson(_ source: String, layer: String) throws -> Data {
        let common = ["-f", "GeoJSONSeq", "-lco", "COORDINATE_PRECISION=9", "-dim", "XY", "-mapFieldType", "Date=String,DateTime=String"]
        func convert(_ system: [String]) throws -> (status: Int32, output: Data, error: String) {
            try run("ogr2ogr", common + system + options + ["/vsistdout/", source, layer])
        }
        var answer = try convert(["-t_srs", "EPSG:4326"])
        // A file that does not say its system is taken as degrees; wild figures are refused later.
        if answer.status != 0, answer.error.contains("source layer SRS") || answer.error.contains("Can't transform") {
            answer = try convert(["-a_srs", "EPSG:4326"])
        }
        guard answer.status == 0 else { throw LandRefusal.unreadable(answer.error) }
        return answer.output
    }

    private func run(_ tool: String, _ arguments: [String]) throws -> (status: Int32, output: Data, error: String) {
        let process = Process()
        process.executableURL = URL(fileURLWithPath: "/usr/bin/env")
        process.arguments = [tool] + arguments
        var environment = ProcessInfo.processInfo.environment
        environment["CPL_ZIP_ENCODING"] = "CP936"
        environment["OGR_GEOMETRY_ACCEPT_UNCLOSED_RING"] = "YES"
        process.environment = environment
        process.standardInput = FileHandle.nullDevice
        let output = Pipe()
        process.standardOutput = output
        // Errors go to a file: two pipes read one after the other could wait for each other for ever.
        let errors = FileManager.default.temporaryDirectory.appendingPathComponent("weiwang-gdal-\(UUID().uuidString).txt")
        FileManager.default.createFile(atPath: errors.path, contents: nil)
        defer { try? FileManager.default.removeItem(at: errors) }
        let handle = try FileHandle(forWritingTo: errors)
        process.standardError = handle
        try process.run()
        let data = try output.fileHandleForReading.readToEnd() ?? Data()
        process.waitUntilExit()
        try handle.close()
        let said = (try? String(contentsOf: errors, encoding: .utf8)) ?? ""
        let first = said.split(separator: "\n").first.map(String.init) ?? "\(tool): \(process.terminationStatus)"
        return (process.terminationStatus, data, first)
    }
}
