package value

import "strings"

func strMethod(name string) methodFunc {
	switch name {
	case "capitalize":
		return strCapitalize
	case "casefold":
		return strCasefold
	case "center":
		return strAlign(name, alignCenter)
	case "count":
		return strCount
	case "encode":
		return strEncode
	case "endswith":
		return strAffix(name, strings.HasSuffix)
	case "expandtabs":
		return strExpandtabs
	case "find":
		return strSearch(name, strings.Index, false)
	case "format":
		return strFormat
	case "format_map":
		return strFormatMap
	case "index":
		return strSearch(name, strings.Index, true)
	case "join":
		return strJoin
	case "ljust":
		return strAlign(name, alignLeft)
	case "lower":
		return strLower
	case "lstrip":
		return strStrip(name, true, false)
	case "maketrans":
		return strMaketrans
	case "partition":
		return strPartition(name, strings.Index)
	case "removeprefix":
		return strRemove(name, strings.TrimPrefix)
	case "removesuffix":
		return strRemove(name, strings.TrimSuffix)
	case "replace":
		return strReplace
	case "rfind":
		return strSearch(name, strings.LastIndex, false)
	case "rindex":
		return strSearch(name, strings.LastIndex, true)
	case "rjust":
		return strAlign(name, alignRight)
	case "rpartition":
		return strPartition(name, strings.LastIndex)
	case "rsplit":
		return strRsplit
	case "rstrip":
		return strStrip(name, false, true)
	case "split":
		return strSplit
	case "splitlines":
		return strSplitlines
	case "startswith":
		return strAffix(name, strings.HasPrefix)
	case "strip":
		return strStrip(name, true, true)
	case "swapcase":
		return strSwapcase
	case "title":
		return strTitle
	case "translate":
		return strTranslate
	case "upper":
		return strUpper
	case "zfill":
		return strZfill
	}
	return strClass(name)
}
