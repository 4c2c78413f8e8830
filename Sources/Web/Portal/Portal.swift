import Basics
import Hummingbird

/// What a resident sees and does; no account, no typed field.
enum Portal {
    static func declare(_ routes: inout Routes) {
    }
}
