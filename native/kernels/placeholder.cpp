namespace erlangen{}
