package vocabulary

// places are GeoRSS, in its simple form and in GML (https://www.ogc.org/standards
// 06-050r3), and the latitude and longitude of the W3C. The elements with two
// words in their names are there in two spellings: the schema has the long humps,
// the examples and most feeds do not, and a reader looks for the one it knows.
func places() table {
	return table{
		"georss:point":           {text: coordinates(2, false)},
		"georss:line":            {text: coordinates(4, true)},
		"georss:polygon":         {text: coordinates(8, true)},
		"georss:box":             {text: coordinates(4, false)},
		"georss:elev":            {text: decimal},
		"georss:floor":           {text: decimal},
		"georss:radius":          {text: unsigned},
		"georss:featureName":     {text: label},
		"georss:featurename":     {text: label},
		"georss:featureTypeTag":  {text: remark},
		"georss:featuretypetag":  {text: remark},
		"georss:relationshipTag": {text: remark},
		"georss:relationshiptag": {text: remark},
		"georss:where": {
			children: []string{"gml:Point", "gml:LineString", "gml:Polygon", "gml:Envelope"},
		},
		"gml:Point":       {children: []string{"gml:pos"}},
		"gml:LineString":  {children: []string{"gml:posList"}},
		"gml:Polygon":     {children: []string{"gml:exterior"}},
		"gml:exterior":    {children: []string{"gml:LinearRing"}},
		"gml:LinearRing":  {children: []string{"gml:posList"}},
		"gml:Envelope":    {children: []string{"gml:lowerCorner", "gml:upperCorner"}},
		"gml:pos":         {text: coordinates(2, false)},
		"gml:posList":     {text: coordinates(4, true)},
		"gml:lowerCorner": {text: coordinates(2, false)},
		"gml:upperCorner": {text: coordinates(2, false)},
		"geo:lat":         {text: decimalWithin(90)},
		"geo:long":        {text: decimalWithin(180)},
		"geo:Point":       {children: []string{"geo:lat", "geo:long"}},
	}
}

// discussions are the threads of RFC 4685 and the module of Slashdot.
func discussions() table {
	return table{
		"thr:in-reply-to": {
			many:  true,
			attrs: forms{"ref": ref, "href": address, "type": mediaType, "source": address},
			needs: []string{"ref"},
		},
		"thr:total":        {text: whole},
		"slash:comments":   {text: whole},
		"slash:department": {text: remark},
		"slash:section":    {text: label},
	}
}
