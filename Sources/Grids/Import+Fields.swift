import Geo

/// Which property holds the code, which the name.
struct ImportFields {
    let code: String
    let name: String?
    let codeWasTaken: Bool

    /// Taken even when a code stands there twice, which is then a finding.
    private static let codes = [
        "code", "编码", "网格编码", "网格代码", "代码", "编号", "区划代码", "adcode", "gridcode", "grid_code", "grid_id",
    ]
    /// Taken only when they name each feature differently.
    private static let numbers = ["gid", "id", "objectid", "fid", "no", "number", "name"]
    private static let names = ["name", "名称", "网格名称", "网格名", "title", "label", "mc", "name_zh", "社区", "社区名称", "街道"]

    /// - Throws: `LandRefusal.noSuchField`, `.noCodeField`.
    init(_ features: [GeoJSON.Feature], _ options: LandImport) throws(LandRefusal) {
        var keys: Set<String> = []
        for feature in features { keys.formUnion(feature.properties.keys) }
        let known = keys.isEmpty ? "-" : keys.sorted().joined(separator: ", ")
        var wanted = [options.codeField, options.nameField]
        if case .field(let field) = options.parent { wanted.append(field) }
        for field in wanted.compactMap({ $0 }) where !keys.contains(field) { throw .noSuchField(field, known: known) }
        let name = options.nameField ?? Self.first(Self.names, of: keys)
        if let code = options.codeField {
            self.init(code: code, name: name == code && options.nameField == nil ? nil : name, codeWasTaken: false)
            return
        }
        // What has the look of a code comes first; then whatever names each feature differently, the shortest texts first.
        func namesEach(_ key: String) -> Bool {
            let values = features.compactMap { $0.properties[key] }.filter { !$0.isEmpty }
            return values.count == features.count && Set(values).count == values.count
        }
        func namesMost(_ key: String) -> Bool {
            let values = features.compactMap { $0.properties[key] }.filter { !$0.isEmpty }
            return values.count * 2 >= features.count && Set(values).count * 2 >= values.count
        }
        func length(_ key: String) -> Int { features.reduce(0) { $0 + ($1.properties[key]?.utf8.count ?? 0) } }
        let parentField: String? = if case .field(let field) = options.parent { field } else { nil }
        func present(_ wanted: [String]) -> [String] { wanted.compactMap { Self.first([$0], of: keys) }.filter { $0 != parentField } }
        let (strong, weak) = (present(Self.codes), present(Self.numbers))
        let sorted = keys.sorted { (length($0), $0) < (length($1), $1) }
        guard
            let code = strong.first(where: namesMost) ?? weak.first(where: namesEach)
                ?? sorted.first(where: { $0 != parentField && namesEach($0) })
                ?? strong.first ?? weak.first ?? (keys.count == 1 ? keys.first : nil)
        else { throw .noCodeField(known: known) }
        self.init(code: code, name: name == code ? nil : name, codeWasTaken: true)
    }

    private init(code: String, name: String?, codeWasTaken: Bool) {
        self.code = code
        self.name = name
        self.codeWasTaken = codeWasTaken
    }

    private static func first(_ wanted: [String], of keys: Set<String>) -> String? {
        for name in wanted { if let key = keys.sorted().first(where: { $0.lowercased() == name }) { return key } }
        return nil
    }
}
