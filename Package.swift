// swift-tools-version:6.2
import PackageDescription

/// Imports point down only; see ARCHITECTURE.md.
let package = Package(
    name: "weiwang",
    platforms: [.macOS(.v15)],
    products: [.executable(name: "weiwang", targets: ["weiwang"])],
    dependencies: [
        .package(url: "https://github.com/hummingbird-project/hummingbird.git", exact: "2.28.1"),
        .package(url: "https://github.com/hummingbird-project/swift-mustache.git", exact: "2.1.1"),
        .package(url: "https://github.com/groue/GRDB.swift.git", exact: "7.10.0"),
        .package(url: "https://github.com/apple/swift-nio.git", exact: "2.101.2"),
        .package(url: "https://github.com/apple/swift-nio-extras.git", exact: "1.35.2"),
        .package(url: "https://github.com/apple/swift-argument-parser.git", exact: "1.8.2"),
        .package(url: "https://github.com/jpsim/Yams.git", exact: "6.2.2"),
        .package(url: "https://github.com/apple/swift-crypto.git", exact: "4.5.2"),
        .package(url: "https://github.com/apple/swift-log.git", exact: "1.16.2"),
        .package(url: "https://github.com/swift-server/swift-service-lifecycle.git", exact: "2.13.0"),
        .package(url: "https://github.com/swiftlang/swift-subprocess.git", exact: "1.0.2"),
    ],
    targets: [
        .systemLibrary(name: "CPostgres", pkgConfig: "libpq", providers: [.apt(["libpq-dev"])]),
        .systemLibrary(name: "CGEOS", pkgConfig: "geos", providers: [.apt(["libgeos-dev"])]),
        .systemLibrary(name: "CQRCode", pkgConfig: "libqrencode", providers: [.apt(["libqrencode-dev"])]),
        .systemLibrary(name: "CZlib", pkgConfig: "zlib", providers: [.apt(["zlib1g-dev"])]),
        .systemLibrary(name: "CSheet", pkgConfig: "xlsxwriter", providers: [.apt(["libxlsxwriter-dev"])]),
        // What of the memory allocator Foundation does not show.
        .systemLibrary(name: "CMalloc"),
        // What `weiwang bench locate` is held against.
        .target(name: "CRay", linkerSettings: [.linkedLibrary("m")]),
        .target(name: "Basics", dependencies: [.product(name: "Crypto", package: "swift-crypto")]),
        .target(name: "Geo", dependencies: ["Basics", "CGEOS"], linkerSettings: [.linkedLibrary("m")]),
        .target(
            name: "Store",
            dependencies: [
                "Basics", "Geo", "CPostgres",
                .product(name: "GRDB", package: "GRDB.swift"),
                .product(name: "GRDBSQLite", package: "GRDB.swift"),
                .product(name: "Crypto", package: "swift-crypto"),
                .product(name: "Logging", package: "swift-log"),
                .product(name: "ServiceLifecycle", package: "swift-service-lifecycle"),
                .product(name: "Subprocess", package: "swift-subprocess"),
            ],
            resources: [.embedInCode("Migrations")]),
        .target(name: "Catalog", dependencies: ["Basics", "Geo", .product(name: "Yams", package: "Yams")]),
        .target(name: "Grids", dependencies: ["Catalog", "Store", "Geo", "Basics", "CZlib"]),
        .target(
            name: "Posts",
            dependencies: [
                "Grids", "Catalog", "Store", "Basics",
                .product(name: "Crypto", package: "swift-crypto"),
                .product(name: "CryptoExtras", package: "swift-crypto"),
            ]),
        .target(name: "Ledger", dependencies: ["Posts", "Grids", "Catalog", "Store", "Geo", "Basics"]),
        .target(name: "Matters", dependencies: ["Ledger", "Posts", "Grids", "Catalog", "Store", "Geo", "Basics"]),
        .target(name: "Insight", dependencies: ["Matters", "Ledger", "Posts", "Grids", "Catalog", "Store", "Geo", "Basics", "CSheet"]),
        .target(
            name: "Delivery",
            dependencies: [
                "Insight", "Matters", "Ledger", "Posts", "Grids", "Catalog", "Store", "Basics",
                .product(name: "Crypto", package: "swift-crypto"),
                .product(name: "Logging", package: "swift-log"),
                .product(name: "ServiceLifecycle", package: "swift-service-lifecycle"),
            ]),
        .target(
            name: "Web",
            dependencies: [
                "Insight", "Matters", "Ledger", "Posts", "Grids", "Catalog", "Store", "Geo", "Basics", "CQRCode",
                .product(name: "Hummingbird", package: "hummingbird"),
                .product(name: "Mustache", package: "swift-mustache"),
                .product(name: "HummingbirdCore", package: "hummingbird"),
                .product(name: "NIOCore", package: "swift-nio"),
                .product(name: "NIOHTTPTypes", package: "swift-nio-extras"),
                .product(name: "Logging", package: "swift-log"),
                .product(name: "ServiceLifecycle", package: "swift-service-lifecycle"),
                .product(name: "Crypto", package: "swift-crypto"),
            ]),
        .target(
            name: "Demo",
            dependencies: [
                "Matters", "Ledger", "Posts", "Grids", "Catalog", "Store", "Geo", "Basics", .product(name: "Yams", package: "Yams"),
            ]),
        .executableTarget(
            name: "weiwang",
            dependencies: [
                "Web", "Delivery", "Demo", "Insight", "Matters", "Ledger", "Posts", "Grids", "Catalog", "Store", "Geo", "Basics", "CRay",
                "CMalloc",
                .product(name: "ArgumentParser", package: "swift-argument-parser"),
                .product(name: "NIOCore", package: "swift-nio"),
            ]),
        // Tests: each engine's own, and one scenario a mission row.
        .target(
            name: "Support",
            dependencies: [
                "Store", "Basics", .product(name: "Logging", package: "swift-log"),
                .product(name: "NIOCore", package: "swift-nio"), .product(name: "NIOPosix", package: "swift-nio"),
                .product(name: "NIOHTTP1", package: "swift-nio"),
            ],
            path: "Tests/Support"),
        .testTarget(name: "GeoTests", dependencies: ["Geo", "Support"]),
        .testTarget(name: "GridsTests", dependencies: ["Grids", "Catalog", "Store", "Geo", "Basics", "Support"]),
        .testTarget(
            name: "WebTests",
            dependencies: [
                "Web", "Insight", "Matters", "Ledger", "Posts", "Grids", "Geo", "Catalog", "Store", "Basics", "Support",
                .product(name: "Hummingbird", package: "hummingbird"),
                .product(name: "ServiceLifecycle", package: "swift-service-lifecycle"),
                .product(name: "Logging", package: "swift-log"),
                .product(name: "NIOCore", package: "swift-nio"), .product(name: "NIOPosix", package: "swift-nio"),
                .product(name: "NIOHTTP1", package: "swift-nio"),
            ]),
        .testTarget(name: "CatalogTests", dependencies: ["Catalog", "Basics"]),
        .testTarget(name: "BasicsTests", dependencies: ["Basics"]),
        .testTarget(name: "MattersTests", dependencies: ["Matters", "Ledger", "Catalog", "Geo", "Basics", "Support"]),
        .testTarget(name: "PostsTests", dependencies: ["Posts", "Grids", "Catalog", "Store", "Basics", "Support"]),
        .testTarget(name: "LedgerTests", dependencies: ["Ledger", "Posts", "Grids", "Catalog", "Store", "Geo", "Basics", "Support"]),
        .testTarget(name: "InsightTests", dependencies: ["Insight", "Matters", "Catalog", "Store", "Basics", "Support"]),
        .testTarget(
            name: "Scenarios",
            dependencies: [
                "weiwang", "Web", "Delivery", "Insight", "Matters", "Ledger", "Posts", "Grids", "Catalog", "Store", "Geo", "Basics",
                "Support",
                .product(name: "ArgumentParser", package: "swift-argument-parser"),
                .product(name: "ServiceLifecycle", package: "swift-service-lifecycle"),
                .product(name: "Logging", package: "swift-log"),
            ]),
        .testTarget(name: "Rules", dependencies: ["Catalog", "Basics"]),
        .testTarget(name: "StoreTests", dependencies: ["Store", "Basics", "Support"]),
        .testTarget(
            name: "DemoTests",
            dependencies: ["Demo", "Posts", "Store", "Catalog", "Geo", "Basics"]),
    ],
    swiftLanguageModes: [.v6])

for target in package.targets where target.type != .system {
    target.swiftSettings = [.enableUpcomingFeature("ExistentialAny"), .enableUpcomingFeature("MemberImportVisibility")]
}
