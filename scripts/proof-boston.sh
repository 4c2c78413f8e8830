# Sourced by proof-data.sh: Boston's boundaries and 72,972 requests.
data=$scratch/boston

import_requests() { "$weiwang" import matters "$boston/requests.csv" --map examples/boston311.yaml --data "$data"; }
again() { "$weiwang" import grids "$1" --level third --accept all --data "$data" | grep -q '^Nothing changed'; }
finds_something() {
    "$weiwang" check --data "$data"
    [ $? = 1 ]
}
within_seconds() {
    local limit=$1 began=$SECONDS
    shift
    "$@" && [ $((SECONDS - began)) -lt "$limit" ]
}

check "police districts import" "$weiwang" import grids "$boston/police_districts.geojson" --level subdistrict --accept all --data "$data"
check "wards import" "$weiwang" import grids "$boston/wards.geojson" --level community --accept all --data "$data"
check "precincts import" "$weiwang" import grids "$boston/precincts.geojson" --level third --accept all --data "$data"
check "the same file again changes nothing" again "$boston/precincts.geojson"
check "requests import in under 30 s" within_seconds 30 import_requests
check "the export again adds nothing, and its default geocode is pointed out" proof once
check "points lie in the precincts that the export names" proof precincts
check "check names what it finds, status 1" finds_something
