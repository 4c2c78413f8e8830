import Basics
import Hummingbird

/// What the people of the grids see and do on their phones: mine today, shoot, fix on the spot or report up.
enum Field {
    static func declare(_ routes: inout Routes) {
        routes.route(.get, Paths.field, needs: .field, TodayPage.today)
        routes.route(.get, Paths.fieldLand, needs: .field, TodayPage.land)
        routes.route(.get, Paths.fieldDone, needs: .field, TodayPage.done)
        routes.route(.get, Paths.fieldReport, needs: .field, FieldReport.show)
        routes.route(.get, Paths.fieldNearby, needs: .field, FieldReport.nearby)
        routes.route(.post, Paths.fieldReport, needs: .field, limits: .photos, FieldReport.send)
        routes.route(.get, Paths.fieldMatter, needs: .field, FieldMatter.show)
        routes.route(.get, Paths.fieldAct, needs: .field, FieldMatter.form)
        routes.route(.post, Paths.fieldAct, needs: .field, limits: .photos, FieldMatter.act)
    }
}
