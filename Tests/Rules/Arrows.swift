import Testing

/// Imports point down only (design §1).
@Suite struct Arrows {
    static let below: [String: Set<String>] = {
        let floors: [[String]] = [
            ["Basics"], ["Geo"], ["Catalog", "Store"], ["Grids"], ["Posts"], ["Ledger"], ["Matters"], ["Insight", "Demo"],
            ["Web", "Delivery"],
            ["weiwang"],
        ]
        var below: [String: Set<String>] = [:]
        var known: Set<String> = []
        for floor in floors {
            for target in floor { below[target] = known }
            known.formUnion(floor)
        }
        // The demo is a neighbour of the doors: only the command knows it.
        for target in ["Web", "Delivery"] { below[target]?.remove("Demo") }
        return below
    }()

    /// Libraries with one home each.
    static let homes: [String: Set<String>] = [
        "GRDB": ["Store"], "CPostgres": ["Store"], "CGEOS": ["Geo"], "CQRCode": ["Web"], "CSheet": ["Insight"], "CZlib": ["Grids"],
        "CMalloc": ["weiwang"],
        "Hummingbird": ["Web"],
        "HummingbirdCore": ["Web"], "Mustache": ["Web"], "ArgumentParser": ["weiwang"], "Yams": ["Catalog", "Demo"],
    ]

    private func imports(_ file: Tree.File) -> [String] {
        file.lines.compactMap { line in
            guard let found = try? #/^(?:@\w+ +)?(?:package +|public +|internal +)?import +(?:\w+ +(?=\w+\.))?(\w+)/#.prefixMatch(in: line)
            else { return nil }
            return String(found.1)
        }
    }

    @Test func imported() throws {
        var seen: Set<String> = []
        for file in try Tree.sources() {
            let allowed = try #require(Self.below[file.target], "a target without a floor: \(file.target)")
            seen.insert(file.target)
            for name in imports(file) {
                if Self.below[name] != nil { #expect(allowed.contains(name), "\(file.path) imports \(name), which is not below it") }
                if let homes = Self.homes[name] { #expect(homes.contains(file.target), "\(file.path) imports \(name)") }
            }
        }
        #expect(seen == Set(Self.below.keys))
    }

    @Test("Package.swift says the same, and says every import")
    func declared() throws {
        let package = try Tree.text("Package.swift")
        var declared: [String: Set<String>] = [:]
        for start in package.ranges(of: #/\.(?:target|executableTarget)\(\s*name: "(\w+)"/#) {
            let head = package[start]
            guard let name = head.split(separator: "\"").last.map(String.init), Self.below[name] != nil else { continue }
            let rest = package[start.upperBound...]
            let end =
                rest.firstRange(of: #/\n        \.(?:target|executableTarget|testTarget)\(|\n        \/\/|\n    \]/#)?.lowerBound
                ?? rest.endIndex
            declared[name] = Set(rest[..<end].matches(of: #/"(\w+)"/#).map { String($0.1) })
        }
        #expect(Set(declared.keys) == Set(Self.below.keys))
        for (target, names) in declared {
            let own = names.intersection(Self.below.keys)
            #expect(own.isSubset(of: Self.below[target] ?? []), "\(target) depends on \(own.sorted())")
        }
        for file in try Tree.sources() {
            for name in imports(file) where Self.below[name] != nil {
                #expect(declared[file.target]?.contains(name) == true, "\(file.path) imports \(name), Package.swift does not say so")
            }
        }
    }
}
