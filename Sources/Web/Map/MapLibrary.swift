import Foundation

/// The map library as pages load it.
enum MapLibrary {
    static let main = "maplibre-gl.js"
    static let style = "maplibre-gl.css"
    static let worker = "maplibre-worker.js"

    /// The library starts its workers from a `blob:` address, which our policy forbids. What runs there is two of the three modules of the
    /// same file, so they are served as a file of their own.
    ///
    /// 2026-11-21: cut out of the one build that the wheel has; ends when it brings the library's own worker file.
    static func read(home: String) throws -> Assets {
        var vendor = try Assets(folder: home + "/vendor", at: "/vendor")
        guard let text = vendor.text(main), let from = text.range(of: "\ndefine(\"shared\""), let to = text.range(of: "\ndefine(\"index\"")
        else { return vendor }
        let start = "const shared = {};\nconst define = (name, needs, make) => make(shared);\n"
        vendor.put(worker, script: start + text[from.lowerBound..<to.lowerBound])
        return vendor
    }
}

extension Assets {
    /// The address of a file; nil when it is not there.
    func address(_ path: String) -> String? { text(path) == nil ? nil : base + "/" + path }
}
