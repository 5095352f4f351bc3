package vocabulary

// places are GeoRSS, in its simple form and in GML (https://www.ogc.org/standards
// 06-050r3), and the latitude and longitude of the W3C.
var places = map[string]element{
	"georss:point":           {text: pairs(2, false)},
	"georss:line":            {text: pairs(4, true)},
	"georss:polygon":         {text: pairs(8, true)},
	"georss:box":             {text: pairs(4, false)},
	"georss:elev":            {text: number},
	"georss:floor":           {text: number},
	"georss:radius":          {text: unsigned},
	"georss:featureName":     {text: line},
	"georss:featureTypeTag":  {text: line},
	"georss:featuretypetag":  {text: line},
	"georss:featurename":     {text: line},
	"georss:relationshipTag": {text: line},
	"georss:relationshiptag": {text: line},
	"georss:where": {
		children: []string{"gml:Point", "gml:LineString", "gml:Polygon", "gml:Envelope"},
	},
	"gml:Point":       {children: []string{"gml:pos"}},
	"gml:LineString":  {children: []string{"gml:posList"}},
	"gml:Polygon":     {children: []string{"gml:exterior"}},
	"gml:exterior":    {children: []string{"gml:LinearRing"}},
	"gml:LinearRing":  {children: []string{"gml:posList"}},
	"gml:Envelope":    {children: []string{"gml:lowerCorner", "gml:upperCorner"}},
	"gml:pos":         {text: pairs(2, false)},
	"gml:posList":     {text: pairs(4, true)},
	"gml:lowerCorner": {text: pairs(2, false)},
	"gml:upperCorner": {text: pairs(2, false)},
	"geo:lat":         {text: within(90)},
	"geo:long":        {text: within(180)},
	"geo:Point":       {children: []string{"geo:lat", "geo:long"}},
}

// discussions are the threads of RFC 4685 and the module of Slashdot.
var discussions = map[string]element{
	"thr:in-reply-to": {
		many:  true,
		attrs: forms{"ref": iri, "href": address, "type": mediaType, "source": address},
		needs: []string{"ref"},
	},
	"thr:total":        {text: count},
	"slash:comments":   {text: count},
	"slash:department": {text: line},
	"slash:section":    {text: line},
}
