/// Made-up names, none twice.
struct Naming {
    private let city: DemoContent.City
    private var stems: [String]
    private var used: Set<String> = []
    private var chance = Seeded("names")

    init(_ city: DemoContent.City) {
        self.city = city
        var pairs = city.stem_first.flatMap { first in city.stem_second.map { "\(first)\($0)" } }
        pairs.removeAll(where: city.first_streets.contains)
        chance.shuffle(&pairs)
        stems = pairs
    }

    /// A pair of characters for a street, a school, a mall.
    mutating func stem() -> String { stems.popLast() ?? "\(chance.pick(Array(city.stem_first)))\(chance.pick(Array(city.stem_second)))" }

    mutating func compound() -> String {
        if used.insert(city.first_compound).inserted { return city.first_compound }
        while true {
            let name = "\(chance.pick(Array(city.stem_first)))\(chance.pick(Array(city.stem_second)))\(chance.pick(city.compounds_end))"
            if used.insert(name).inserted { return name }
        }
    }

    mutating func dedicated(_ nature: String) -> String {
        let pattern = chance.pick(city.natures[nature] ?? ["{stem}"])
        return pattern.replacing("{stem}", with: stem())
    }

    mutating func person() -> String {
        let (surnames, first, second) = (Array(city.surnames), Array(city.given_first), Array(city.given_second))
        while true {
            // The commonest surnames stand first and come most.
            let surname = surnames[Int(Double(surnames.count) * chance.unit() * chance.unit())]
            let name = chance.chance(0.16) ? "\(surname)\(chance.pick(second))" : "\(surname)\(chance.pick(first))\(chance.pick(second))"
            if used.insert(name).inserted { return name }
        }
    }

    mutating func keep(_ name: String) { used.insert(name) }

    /// 一 二 … 十 十一 … for lanes and grids.
    static func numeral(_ number: Int) -> String {
        let digits = ["", "一", "二", "三", "四", "五", "六", "七", "八", "九"]
        switch number {
        case ..<10: return digits[max(0, number)]
        case 10..<20: return "十" + digits[number - 10]
        case 20..<100: return digits[number / 10] + "十" + digits[number % 10]
        default: return String(number)
        }
    }
}
